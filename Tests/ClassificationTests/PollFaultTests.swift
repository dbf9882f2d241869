import JSONText
import ProcessTestSupport
import Testing

/// The same faults while a task is polled: none of them changes the task.
@Suite(.timeLimit(.minutes(3))) struct PollFaultTests {
    private static let faults = [
        #""status":500"#, #""status":502"#, #""garbage":true,"status":404"#, #""status":404"#,
        #""garbage":true"#, #""status":401"#, #""status":403"#, #""garbage":true,"status":403"#,
        #""status":402"#, #""status":429,"retry_after":1"#, #""status":503"#, #""status":422"#,
        #""cut":"before""#, #""cut":"within""#, #""redirect":"http://127.0.0.1:1/v1/tasks/x""#,
        #""padding":1073741824"#, #""unknown_status":true"#, #""completed_without_results":true"#,
        // Slow but complete: the last rule before the end.
        #""byte_delay":"1ms""#,
    ]

    @Test func `no fault of a poll fails a task, and polling continues`() async throws {
        let fixture = try await EndToEndFixture()
        let rules = Self.faults.enumerated().map { index, actions in
            #"{"match":{"kind":"status","nth":\#(index + 1)},"do":{\#(actions)}}"#
        }
        try await fixture.script("[\(rules.joined(separator: ","))]")
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        // The task is completed at the provider: the first poll without a fault sees it.
        try await fixture.advance("61m")
        let seen = try await gateway.follow(id) {
            ["completed", "failed", "uncertain"].contains($0["gateway"]?["state"]?.string)
        }
        #expect(seen.last?["gateway"]?["state"]?.string == "completed", "\(gateway.program.errors.text)")
        #expect(seen.allSatisfy { $0["status"]?.string != "failed" })
        let ledger = try await fixture.ledger()
        let acted = ledger["script"]?.array?.compactMap { $0["acted"]?.integer } ?? []
        #expect(acted == Array(repeating: 1, count: Self.faults.count))
        #expect(ledger["creates"]?.integer == 1)
    }
}
