import COpenSSL
import TLS
import Testing
import Transport

@Suite struct HandshakeTests {
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `a handshake that comes a byte at a time is the same`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await Authority.settings("chain"))
        let line = Line(identity, Client.Kind(versions: version...version, protocols: ["http/1.1"]))
        while line.progress != .done {
            line.client.continueHandshake()
            for byte in line.client.take() {
                line.send([byte])
                _ = line.step()
            }
            line.carryToClient()
        }
        #expect(line.client.continueHandshake())
        #expect(line.applicationProtocol == "http/1.1")
        line.client.write("hello")
        for byte in line.client.take() {
            #expect(try line.read().0 == .blocked)
            line.send([byte])
        }
        #expect(try line.read().1 == "hello")
    }

    @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func `what is older than TLS 1.2 is refused`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await Authority.settings())
        let line = Line(identity, Client.Kind(versions: version...version))
        #expect(!line.continueHandshake())
        #expect(line.progress == .failed("unsupported protocol"))
        #expect(line.client.failure == "tlsv1 alert protocol version")
    }

    @Test(arguments: [
        "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA", "DHE-RSA-AES128-GCM-SHA256",
        "aNULL", "eNULL",
    ])
    func `a weak cipher is refused`(_ ciphers: String) async throws {
        let identity = try TLSIdentity(try await Authority.settings("chain"))
        let kind = Client.Kind(versions: TLS1_2_VERSION...TLS1_2_VERSION, ciphers: ciphers)
        let line = Line(identity, kind)
        #expect(!line.continueHandshake())
        #expect(line.progress == .failed("no shared cipher"))
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `a session is resumed, but not with what was read before a reload`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await Authority.settings())
        var kind = Client.Kind(versions: version...version)
        let first = Line(identity, kind)
        #expect(first.continueHandshake())
        _ = first.client.read()
        kind.session = first.client.session
        let second = Line(identity, kind)
        #expect(second.continueHandshake())
        #expect(second.client.isResumed)
        _ = second.client.read()
        kind.session = second.client.session
        #expect(try identity.reload() == [])
        let third = Line(identity, kind)
        #expect(third.continueHandshake())
        #expect(!third.client.isResumed)
    }

    @Test func `a client sees the certificate for the host that it asks for`() async throws {
        var settings = try await Authority.settings()
        settings.names = [try await Authority.shared.value.files("example")]
        let identity = try TLSIdentity(settings)
        let wanted = [
            "localhost": "server", "one.example": "example", "ONE.Example": "example",
            "a.wild.example": "example", "a.b.wild.example": "server", "wild.example": "server",
            "else.where": "server",
        ]
        for (host, name) in wanted {
            let line = Line(identity, Client.Kind(host: host))
            #expect(line.continueHandshake())
            #expect(line.client.serverName == name, "\(host)")
        }
        let nameless = Line(identity)
        #expect(nameless.continueHandshake())
        #expect(nameless.client.serverName == "server")
    }

    @Test func `ALPN takes our first choice, and refuses what has nothing in common`() async throws {
        var settings = try await Authority.settings()
        settings.protocols = ["h2", "http/1.1"]
        settings.names = [try await Authority.shared.value.files("example")]
        let identity = try TLSIdentity(settings)
        let both = Line(identity, Client.Kind(host: "one.example", protocols: ["http/1.1", "h2"]))
        #expect(both.continueHandshake())
        #expect(both.applicationProtocol == "h2")
        #expect(both.client.applicationProtocol == "h2")
        let silent = Line(identity)
        #expect(silent.continueHandshake())
        #expect(silent.applicationProtocol == nil)
        let other = Line(identity, Client.Kind(protocols: ["spdy/3"]))
        #expect(!other.continueHandshake())
        #expect(other.client.failure == "tlsv1 alert no application protocol")
    }

    @Test func `who does not speak TLS is told apart by the first byte`() async throws {
        let identity = try TLSIdentity(try await Authority.settings())
        let line = Line(identity)
        line.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(line.step() == .foreign(firstByte: UInt8(ascii: "G")))
        #expect(!line.isSecure)
        #expect(try line.write("plain") == .moved(5))
        #expect(line.received() == Array("plain".utf8))
    }

    @Test func `a handshake that is no handshake is refused with an alert`() async throws {
        let identity = try TLSIdentity(try await Authority.settings())
        let line = Line(identity)
        line.send([22, 3, 1, 0, 5, 9, 9, 9, 9, 9])
        guard case .failed = line.step() else { return #expect(Bool(false), "\(line.progress)") }
        // An alert record.
        #expect(line.received().first == 21)
    }
}

@Suite struct ClientCertificateTests {
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `a certificate of the authority lets in, by its name`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await asking())
        let authority = try await Authority.shared.value
        for (own, name) in [("client", "renderer"), ("workload", "spiffe://studio/renderer")] {
            var kind = Client.Kind(versions: version...version)
            kind.certificate = (authority.path("\(own).pem"), authority.path("\(own).key"))
            let line = Line(identity, kind)
            #expect(line.continueHandshake())
            #expect(line.certifiedName == name)
            // A resumed session still knows whose it is.
            _ = line.client.read()
            kind.session = line.client.session
            let again = Line(identity, kind)
            #expect(again.continueHandshake())
            #expect(again.client.isResumed)
            #expect(again.certifiedName == name)
        }
    }

    @Test(
        arguments: [nil, "client-of-other", "late-client", "for-servers"], [TLS1_2_VERSION, TLS1_3_VERSION])
    func `none, a stranger's, an expired and a server's certificate do not`(
        _ own: String?, _ version: CInt
    ) async throws {
        let identity = try TLSIdentity(try await asking())
        let authority = try await Authority.shared.value
        var kind = Client.Kind(versions: version...version)
        if let own { kind.certificate = (authority.path("\(own).pem"), authority.path("\(own).key")) }
        // Asking for a host with another certificate must not lead around it.
        kind.host = "one.example"
        let line = Line(identity, kind)
        #expect(!line.continueHandshake())
        guard case .failed(let reason) = line.progress else { return #expect(Bool(false)) }
        let expected =
            switch own {
            case nil: "peer did not return a certificate"
            case "late-client": "certificate verify failed: certificate has expired"
            case "for-servers": "certificate verify failed: unsuitable certificate purpose"
            default: "certificate verify failed: unable to get local issuer certificate"
            }
        #expect(reason == expected)
    }

    private func asking() async throws -> TLSSettings {
        var settings = try await Authority.settings()
        settings.names = [try await Authority.shared.value.files("example")]
        settings.clientAuthorities = try await Authority.shared.value.path("ca.pem")
        return settings
    }
}
