import JSONText
import ProcessTestSupport
import Testing

/// A provider with TLS. Rejected certificates are rows of the table of faults.
@Suite(.timeLimit(.minutes(3))) struct OutboundTLSTests {
    @Test func `a job is sent over HTTPS to a provider with a trusted certificate`() async throws {
        let authority = try await CertificateAuthority()
        let provider = try await authority.provider(showing: .good)
        let gateway = try await RowGateway.start(provider.url, TimeLimits(), trust: authority.trust)
        let response = try await gateway.underTest.submit()
        #expect(response.status == 200, "\(response.text)")
        let task = try response.json()
        #expect(task["gateway"]?["state"]?.string == "running")
        #expect(task["gateway"]?["provider_task_id"]?.string == "task-tls-1")
        #expect(provider.creates == 1)
        await gateway.stop()
    }

    @Test func `a gateway that does not trust the authority sends nothing`() async throws {
        let authority = try await CertificateAuthority()
        let provider = try await authority.provider(showing: .good)
        // Long enough for a slow machine: the first attempt fails at once.
        let gateway = try await RowGateway.start(provider.url, TimeLimits(connect: "5s", wait: "400ms"))
        let id = try await gateway.underTest.accepted(
            GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        let waiting = try await gateway.underTest.follow(id) {
            $0["gateway"]?["attempts"]?.integer ?? 0 > 0 && $0["gateway"]?["state"]?.string == "queued"
        }
        #expect(waiting.last?["status"]?.string == "pending")
        #expect(await gateway.waitingClass(of: id) == "not sent")
        #expect(provider.creates == 0)
        await gateway.stop()
    }

    @Test func `an unreadable certificate file is named at the start`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let finished = try await Tools.run(
            "reelgate", ["serve", "--config", config],
            environment: [
                "SSL_CERT_FILE": "/nowhere/ca.pem", "REELGATE_PROVIDER_API_KEY": EndToEndFixture.key,
            ],
            folder: fixture.folder.path)
        #expect(finished.status == 1)
        #expect(
            finished.errors.contains("SSL_CERT_FILE: /nowhere/ca.pem cannot be read"), "\(finished.errors)")
    }
}
