import COpenSSL
import TLS
import Testing
import Transport

@Suite struct HandshakeTests {
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `a handshake that arrives byte by byte completes`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await TestAuthority.settings("chain"))
        let line = TLSPair(identity, TLSClient.Kind(versions: version...version, protocols: ["http/1.1"]))
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
    func `protocols older than TLS 1.2 are refused`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await TestAuthority.settings())
        let line = TLSPair(identity, TLSClient.Kind(versions: version...version))
        #expect(!line.continueHandshake())
        #expect(line.progress == .failed("unsupported protocol"))
        #expect(line.client.failure == "tlsv1 alert protocol version")
    }

    @Test(arguments: [
        "AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES256-SHA", "DHE-RSA-AES128-GCM-SHA256",
        "aNULL", "eNULL",
    ])
    func `a weak cipher is refused`(_ ciphers: String) async throws {
        let identity = try TLSIdentity(try await TestAuthority.settings("chain"))
        let kind = TLSClient.Kind(versions: TLS1_2_VERSION...TLS1_2_VERSION, ciphers: ciphers)
        let line = TLSPair(identity, kind)
        #expect(!line.continueHandshake())
        #expect(line.progress == .failed("no shared cipher"))
    }

    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `a session is resumed, but not across a reload`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await TestAuthority.settings())
        var kind = TLSClient.Kind(versions: version...version)
        let first = TLSPair(identity, kind)
        #expect(first.continueHandshake())
        _ = first.client.read()
        kind.session = first.client.session
        let second = TLSPair(identity, kind)
        #expect(second.continueHandshake())
        #expect(second.client.isResumed)
        _ = second.client.read()
        kind.session = second.client.session
        identity.replace(with: try TLSIdentity(try await TestAuthority.settings()))
        let third = TLSPair(identity, kind)
        #expect(third.continueHandshake())
        #expect(!third.client.isResumed)
    }

    @Test func `a client gets the certificate for the requested host`() async throws {
        var settings = try await TestAuthority.settings()
        settings.names = [try await TestAuthority.shared.value.files("example")]
        let identity = try TLSIdentity(settings)
        let wanted = [
            "localhost": "server", "one.example": "example", "ONE.Example": "example",
            "a.wild.example": "example", "a.b.wild.example": "server", "wild.example": "server",
            "else.where": "server",
        ]
        for (host, name) in wanted {
            let line = TLSPair(identity, TLSClient.Kind(host: host))
            #expect(line.continueHandshake())
            #expect(line.client.serverName == name, "\(host)")
        }
        let nameless = TLSPair(identity)
        #expect(nameless.continueHandshake())
        #expect(nameless.client.serverName == "server")
    }

    @Test func `ALPN selects our first preference, and fails without a common protocol`() async throws {
        var settings = try await TestAuthority.settings()
        settings.protocols = ["h2", "http/1.1"]
        settings.names = [try await TestAuthority.shared.value.files("example")]
        let identity = try TLSIdentity(settings)
        let both = TLSPair(identity, TLSClient.Kind(host: "one.example", protocols: ["http/1.1", "h2"]))
        #expect(both.continueHandshake())
        #expect(both.applicationProtocol == "h2")
        #expect(both.client.applicationProtocol == "h2")
        let silent = TLSPair(identity)
        #expect(silent.continueHandshake())
        #expect(silent.applicationProtocol == nil)
        let other = TLSPair(identity, TLSClient.Kind(protocols: ["spdy/3"]))
        #expect(!other.continueHandshake())
        #expect(other.client.failure == "tlsv1 alert no application protocol")
    }

    @Test func `plaintext is detected by its first byte`() async throws {
        let identity = try TLSIdentity(try await TestAuthority.settings())
        let line = TLSPair(identity)
        line.send(Array("GET / HTTP/1.1\r\n\r\n".utf8))
        #expect(line.step() == .notTLS(firstByte: UInt8(ascii: "G")))
        #expect(!line.isSecure)
        #expect(try line.write("plain") == .moved(5))
        #expect(line.received() == Array("plain".utf8))
    }

    @Test func `an invalid handshake is refused with an alert`() async throws {
        let identity = try TLSIdentity(try await TestAuthority.settings())
        let line = TLSPair(identity)
        line.send([22, 3, 1, 0, 5, 9, 9, 9, 9, 9])
        guard case .failed = line.step() else { return #expect(Bool(false), "\(line.progress)") }
        // An alert record.
        #expect(line.received().first == 21)
    }
}
