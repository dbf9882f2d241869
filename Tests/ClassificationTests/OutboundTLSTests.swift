import JSONText
import ProcessTestSupport
import Testing

/// The provider behind TLS of another make. What fails the check stands in the table of faults.
@Suite(.timeLimit(.minutes(3))) struct OutboundTLSTests {
    @Test func `a job goes through over https to whom an authority of ours vouches for`() async throws {
        let authority = try await CertificateAuthority()
        let provider = try await authority.provider(showing: .good)
        let stand = try await GatewayOfRow.start(provider.url, Patience(), trust: authority.trust)
        let answer = try await stand.gateway.submit()
        #expect(answer.status == 200, "\(answer.text)")
        let task = try answer.json()
        #expect(task["gateway"]?["state"]?.string == "running")
        #expect(task["gateway"]?["provider_task_id"]?.string == "task-tls-1")
        #expect(provider.creates == 1)
        await stand.stop()
    }

    @Test func `the same provider gets nothing from who does not know the authority`() async throws {
        let authority = try await CertificateAuthority()
        let provider = try await authority.provider(showing: .good)
        // Long enough for a slow machine: the first try fails at once.
        let stand = try await GatewayOfRow.start(provider.url, Patience(connect: "5s", wait: "400ms"))
        let id = try await stand.gateway.accepted(
            GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        let waiting = try await stand.gateway.follow(id) {
            $0["gateway"]?["attempts"]?.integer ?? 0 > 0 && $0["gateway"]?["state"]?.string == "queued"
        }
        #expect(waiting.last?["status"]?.string == "pending")
        #expect(stand.waitingClass(of: id) == "not sent")
        #expect(provider.creates == 0)
        await stand.stop()
    }

    @Test func `a file of authorities that cannot be read is named at the start`() async throws {
        let house = try await EndToEndFixture()
        let config = try house.writeConfig(provider: house.provider)
        let finished = try await Tools.run(
            "reelgate", ["serve", "--config", config],
            environment: [
                "SSL_CERT_FILE": "/nowhere/ca.pem", "REELGATE_PROVIDER_API_KEY": EndToEndFixture.key,
            ],
            folder: house.folder.path)
        #expect(finished.status == 1)
        #expect(
            finished.errors.contains("SSL_CERT_FILE: /nowhere/ca.pem cannot be read"), "\(finished.errors)")
    }
}
