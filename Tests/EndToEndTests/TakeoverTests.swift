import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// A second gateway takes over address and store while the first one ends.
@Suite(.timeLimit(.minutes(2))) struct TakeoverTests {
    @Test func `who calls between two gateways waits and is answered by the second`() async throws {
        let house = try await EndToEndFixture()
        // The first job's verdict takes long enough for the change to happen around it.
        try await house.script(#"[{"match":{"kind":"create","nth":1},"do":{"delay":"3s"}}]"#)
        let first = try await house.gateway()
        async let answer = first.submit()
        try await house.untilCreates(reach: 1)
        first.program.signal(SIGTERM)
        while let answer = try? await Curl.get("\(first.url)/healthz"), answer.status == 200 {
            try Task.checkCancellation()
        }

        let config = try house.writeConfig(provider: house.provider)
        let address = String(first.url.dropFirst("http://".count))
        let second = try house.startGateway(config: config, ["--listen", address])
        // Asked before it says that it is ready: as soon as it listens, it makes callers wait.
        let patience = ["--retry", "60", "--retry-delay", "1", "--retry-connrefused"]
        let late = try await GatewayUnderTest(program: second, url: first.url)
            .submit(GatewayUnderTest.exampleJob, patience)
        #expect(late.status == 200, "\(late.text)")

        // The first one had let its client in, and kept its word.
        let early = try await answer
        #expect(early.status == 200)
        #expect(try early.json()["gateway"]?["state"]?.string == "running")
        #expect(await first.program.end() == 0)
        #expect(try await house.ledger()["accepted"]?.integer == 2)
        let id = try #require(try early.json()["id"]?.string)
        #expect(try await Curl.get("\(first.url)/v1/tasks/\(id)").status == 200)
        second.signal(SIGTERM)
        #expect(await second.end() == 0)
    }
}

extension EndToEndFixture {
    /// Asks the ledger until the provider has seen so many creates.
    fileprivate func untilCreates(reach count: Int64) async throws {
        while try await Curl.get("\(provider)/_simulator/ledger").json()["requests"]?[
            "POST /v1/videos/generations"]?.integer ?? 0 < count
        { try Task.checkCancellation() }
    }
}
