import Glibc
import TLS
import Testing

@Suite struct MaterialTests {
    @Test(arguments: ["server", "chain", "rooted", "rsa", "example"])
    func `valid files load without warnings`(_ name: String) async throws {
        #expect(try TLSIdentity(try await TestAuthority.settings(name)).warnings == [])
    }

    @Test func `every bad file is reported with problem and remedy`() async throws {
        let expected: [(String, String, String, String)] = [
            ("missing", "certificate", "cannot be read (open: No such file or directory (2))", "can read"),
            ("empty", "certificate", "holds no certificate in PEM", "specify the file"),
            ("cut", "certificate", "has a damaged certificate, number 1", "new copy"),
            ("short", "certificate", "is too weak for TLS (ee key too small)", "2048"),
            ("for-clients", "certificate", "is not for servers", "serverAuth"),
            ("turned", "certificate", "has the server's own certificate at position 2", "first"),
            (
                "strayed", "certificate", "certificate 2, of ca, did not sign the one before it",
                "remove others"
            ),
            ("encrypted", "key", "holds an encrypted key", "openssl pkey -in"),
            ("cut-key", "key", "holds a damaged key", "new copy"),
            ("unfit", "key", "of a type that TLS cannot use", "ECDSA"),
        ]
        for (name, setting, message, remedy) in expected {
            let settings = try await TestAuthority.settings(name)
            let fault = try #require(issues(settings).first { $0.setting == setting }, "\(name)")
            let file = setting == "key" ? settings.own.key : settings.own.certificate
            #expect(fault.message.contains(file), "\(name): \(fault)")
            #expect(fault.message.contains(message), "\(name): \(fault)")
            #expect(fault.remedy.contains(remedy), "\(name): \(fault)")
        }
    }

    @Test func `exchanged files are reported as such`() async throws {
        let authority = try await TestAuthority.shared.value
        func issues(_ certificate: String, _ key: String) -> [String] {
            let files = CertificateFiles(certificate: authority.path(certificate), key: authority.path(key))
            return self.issues(TLSSettings(own: files)).map(\.message)
        }
        let exchanged = issues("server.key", "server.pem")
        #expect(exchanged.count == 2)
        #expect(exchanged[0].hasSuffix("holds a key and no certificate"))
        #expect(exchanged[1].hasSuffix("holds a certificate and no key"))
        #expect(issues("server.pem", "example.key")[0].contains("is not the key of the certificate in"))
        #expect(issues("binary.pem", "binary.key").allSatisfy { $0.hasSuffix("is DER, not PEM") })
        #expect(issues("/", "/dev/null").count == 2)
        #expect(issues("server.pem", "empty.key")[0].contains("holds no key in PEM"))
    }

    @Test func `all issues are reported at once, each with its setting`() async throws {
        let authority = try await TestAuthority.shared.value
        var settings = try await TestAuthority.settings("missing")
        settings.names = [authority.files("server"), authority.files("encrypted")]
        settings.clientAuthorities = authority.path("client.pem")
        let found = issues(settings)
        #expect(found.map(\.setting) == ["certificate", "key", "names.1.key", "client_ca"])
        #expect(found[3].message.contains("the certificate of renderer, which is not an authority"))
    }

    @Test func `issues that clients will encounter are warnings`() async throws {
        let expected = [
            "expired": "the certificate of expired expired on Jan  1 00:00:00 2021 GMT",
            "early": "the certificate of early is not valid before Jan  1 00:00:00 2098 GMT",
            "nameless": "names no host (subjectAltName)",
        ]
        for (name, message) in expected {
            let warnings = try TLSIdentity(try await TestAuthority.settings(name)).warnings
            #expect(warnings.count == 1)
            #expect(warnings.first?.message.contains(message) == true, "\(warnings)")
        }
    }

    @Test func `no message contains any of the key`() async throws {
        let key = try await TestAuthority.shared.value.text("cut-key.key").split(separator: "\n")[1]
        for name in ["cut-key", "encrypted", "unfit", "short"] {
            let said = issues(try await TestAuthority.settings(name)).map(\.description).joined()
            #expect(!said.contains(key.prefix(16)) && !said.contains("BEGIN PRIVATE KEY-----\nM"))
        }
    }

    @Test func `replaced files are checked before an identity takes them over`() async throws {
        let authority = try await TestAuthority.shared.value
        let certificate = try authority.write(authority.text("server.pem"), to: "replaced/own.pem")
        let key = try authority.write(authority.text("server.key"), to: "replaced/own.key")
        let settings = TLSSettings(own: CertificateFiles(certificate: certificate, key: key))
        let identity = try TLSIdentity(settings)
        _ = try authority.write(authority.text("example.pem"), to: "replaced/own.pem")
        #expect(throws: TLSError.self) { try TLSIdentity(settings) }
        #expect(Self.shown(by: identity) == "server")
        _ = try authority.write(authority.text("example.key"), to: "replaced/own.key")
        let fresh = try TLSIdentity(settings)
        #expect(fresh.warnings == [] && Self.shown(by: identity) == "server")
        identity.replace(with: fresh)
        #expect(Self.shown(by: identity) == "example")
    }

    private static func shown(by identity: TLSIdentity) -> String? {
        let line = TLSPair(identity)
        return line.continueHandshake() ? line.client.serverName : nil
    }

    private func issues(_ settings: TLSSettings) -> [TLSIssue] {
        do throws(TLSError) {
            _ = try TLSIdentity(settings)
            return []
        } catch { return error.issues }
    }
}
