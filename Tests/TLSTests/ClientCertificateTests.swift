import COpenSSL
import TLS
import Testing
import Transport

@Suite struct ClientCertificateTests {
    @Test(arguments: [TLS1_2_VERSION, TLS1_3_VERSION])
    func `a certificate of the authority is accepted, with its name`(_ version: CInt) async throws {
        let identity = try TLSIdentity(try await asking())
        let authority = try await TestAuthority.shared.value
        for (own, name) in [("client", "renderer"), ("workload", "spiffe://studio/renderer")] {
            var kind = TLSClient.Kind(versions: version...version)
            kind.certificate = (authority.path("\(own).pem"), authority.path("\(own).key"))
            let line = TLSPair(identity, kind)
            #expect(line.continueHandshake())
            #expect(line.certifiedName == name)
            // A resumed session still has its client's name.
            _ = line.client.read()
            kind.session = line.client.session
            let again = TLSPair(identity, kind)
            #expect(again.continueHandshake())
            #expect(again.client.isResumed)
            #expect(again.certifiedName == name)
        }
    }

    @Test(
        arguments: [nil, "client-of-other", "late-client", "for-servers"], [TLS1_2_VERSION, TLS1_3_VERSION])
    func `missing, foreign, expired and server certificates are refused`(
        _ own: String?, _ version: CInt
    ) async throws {
        let identity = try TLSIdentity(try await asking())
        let authority = try await TestAuthority.shared.value
        var kind = TLSClient.Kind(versions: version...version)
        if let own { kind.certificate = (authority.path("\(own).pem"), authority.path("\(own).key")) }
        // Requesting another host must not bypass the check.
        kind.host = "one.example"
        let line = TLSPair(identity, kind)
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
        var settings = try await TestAuthority.settings()
        settings.names = [try await TestAuthority.shared.value.files("example")]
        settings.clientAuthorities = try await TestAuthority.shared.value.path("ca.pem")
        return settings
    }
}
