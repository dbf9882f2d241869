import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// A second gateway that replaces the first one while that shuts down.
@Suite(.timeLimit(.minutes(2))) struct GatewayReplacementTests {
    @Test func `a request between two gateways waits and gets the response of the second`() async throws {
        let fixture = try await EndToEndFixture()
        // The verdict of the first job is delayed until the replacement.
        try await fixture.script(#"[{"match":{"kind":"create","nth":1},"do":{"delay":"3s"}}]"#)
        let first = try await fixture.gateway()
        async let response = first.submit()
        try await fixture.untilCreates(reach: 1)
        first.program.signal(SIGTERM)
        while let response = try? await Curl.get("\(first.url)/healthz"), response.status == 200 {
            try Task.checkCancellation()
        }

        let config = try fixture.writeConfiguration()
        let address = String(first.url.dropFirst("http://".count))
        let second = try fixture.startGateway(config: config, ["--listen", address])
        // Sent before the gateway is ready: requests wait as soon as it listens.
        let patience = ["--retry", "60", "--retry-delay", "1", "--retry-connrefused"]
        let late = try await GatewayUnderTest(program: second, url: first.url)
            .submit(GatewayUnderTest.exampleJob, patience)
        #expect(late.status == 200, "\(late.text)")

        // The first gateway completed its accepted request.
        let early = try await response
        #expect(early.status == 200)
        #expect(try early.json()["gateway"]?["state"]?.string == "running")
        #expect(await first.program.end() == 0)
        #expect(try await fixture.ledger()["accepted"]?.integer == 2)
        let id = try #require(try early.json()["id"]?.string)
        #expect(try await Curl.get("\(first.url)/v1/tasks/\(id)").status == 200)
        second.signal(SIGTERM)
        #expect(await second.end() == 0)
    }
}

extension EndToEndFixture {
    /// Reads the ledger until the provider has received this many creates.
    fileprivate func untilCreates(reach count: Int64) async throws {
        while try await Curl.get("\(provider)/_simulator/ledger").json()["requests"]?[
            "POST /v1/videos/generations"]?.integer ?? 0 < count
        { try Task.checkCancellation() }
    }
}
