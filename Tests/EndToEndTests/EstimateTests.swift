import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// Estimates of the real executable, which it learns from its own tasks.
@Suite(.timeLimit(.minutes(3))) struct EstimateTests {
    @Test func `the estimate becomes the median of the tasks so far, also after a restart`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.maxInFlight = 20 }
        var first: [String] = []
        for _ in 0..<10 { first.append(try await gateway.accepted()) }
        try await fixture.advance("2h")
        for id in first {
            _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        }
        let learned = try await median(of: first, at: gateway)
        let unlearned = try await gateway.task(first[9])["task_info"]?["estimated_time"]?.integer
        #expect(unlearned != learned, "the simulator's")
        let next = try await gateway.accepted()
        #expect(try await gateway.task(next)["task_info"]?["estimated_time"]?.integer == learned)

        let quote = try await Curl.post("\(gateway.url)/v1/videos/quote", GatewayUnderTest.exampleJob)
        #expect(try quote.json()["estimated_time"]?.integer == learned)

        gateway.program.signal(SIGKILL)
        _ = await gateway.program.end()
        let second = try await fixture.gateway { $0.maxInFlight = 20 }
        let last = try await second.accepted()
        #expect(try await second.task(last)["task_info"]?["estimated_time"]?.integer == learned)
    }

    /// Returns the median duration of tasks by their records, in whole seconds, rounded up.
    private func median(of ids: [String], at gateway: GatewayUnderTest) async throws -> Int64 {
        var durations: [Double] = []
        for id in ids {
            let record = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/record").json()
            let timings = record["timings"]
            let accepted = try #require(seconds(timings?["accepted"]))
            durations.append(try #require(seconds(timings?["ended"])) - accepted)
        }
        return Int64((durations.sorted()[4] * 1000).rounded() / 1000 + 0.999)
    }

    private func seconds(_ value: JSONValue?) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .real(let number): number
        case .null, .bool, .string, .array, .object, nil: nil
        }
    }
}
