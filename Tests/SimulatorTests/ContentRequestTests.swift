import HTTPServing
import HTTPWire
import JSONText
import Simulator
import Testing
import VideoJobs

/// Requests for results: ranges, truncation and the life of links.
@Suite struct ContentRequestTests {
    /// Requests a result with fields.
    private func ask(
        _ harness: inout SimulatedProviderHarness, _ link: String, _ fields: [String: String]
    ) -> SimulatedResponse {
        let parts = link.split(separator: "?").map(String.init)
        var head = RequestHead(method: "GET", path: parts[0], query: parts[1], authority: "127.0.0.1:8032")
        for (name, value) in fields { head.fields.append(name, value) }
        let request = HTTPRequest(head: head, body: [], context: RequestContext(requestID: "r"))
        return harness.provider.respond(to: request, at: harness.wall)
    }

    @Test func `a range is sent with the entity tag, and listed in the ledger`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        let id = try harness.accepted()
        let link = try harness.link(id)
        let whole = harness.ask("GET", link)
        let tag = try #require(whole.response.fields["ETag"])
        let rest = ask(&harness, link, ["Range": "bytes=1000-", "If-Range": tag])
        #expect(rest.status == 206 && rest.bytes == Array(whole.bytes[1000...]))
        let total = whole.bytes.count
        #expect(rest.response.fields["Content-Range"] == "bytes 1000-\(total - 1)/\(total)")
        #expect(rest.response.fields["ETag"] == tag)
        #expect(ask(&harness, link, ["Range": "bytes=1000-", "If-Range": "\"other\""]).status == 200)
        #expect(ask(&harness, link, ["Range": "bytes=\(total)-"]).status == 416)
        let requests = try #require(harness.ledger()["content_requests"]?.array)
        #expect(
            requests.map { $0["range"]?.string } == [nil, "bytes=1000-", "bytes=1000-", "bytes=\(total)-"])
        #expect(requests.map { $0["status"]?.integer } == [200, 206, 200, 416])
        #expect(requests.map { $0["if_range"]?.string } == [nil, tag, "\"other\"", nil])
        #expect(requests.allSatisfy { $0["task_id"]?.string == id })
    }

    @Test func `the list of requests is bounded`() throws {
        var limits = SimulatorLimits()
        limits.contentRequests = 2
        var harness = try SimulatedProviderHarness(seconds: 0, limits: limits)
        let link = try harness.link(try harness.accepted())
        for _ in 0..<5 { _ = harness.ask("GET", link) }
        #expect(harness.ledger()["content_requests"]?.array?.count == 2)
        #expect(harness.ledger()["content_requests_dropped"] == 3)
    }

    @Test func `a cut is in the middle of what is sent, or after a number of bytes`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0)
        let link = try harness.link(try harness.accepted())
        let total = harness.ask("GET", link).bytes.count
        try harness.setScript(
            #"[{"match":{"nth":3},"do":{"truncate_content":77}},{"do":{"truncate_content":true}}]"#)
        for left in [1, 10] {
            let rest = ask(&harness, link, ["Range": "bytes=\(total - left)-"])
            #expect(rest.response.cutsBody && rest.response.cutAfter == (left + 1) / 2)
        }
        #expect(harness.ask("GET", link).response.cutAfter == 77)
    }

    @Test func `ranges can be ignored`() throws {
        var harness = try SimulatedProviderHarness(seconds: 0, script: #"[{"do":{"ignore_range":true}}]"#)
        let link = try harness.link(try harness.accepted())
        #expect(ask(&harness, link, ["Range": "bytes=1-"]).status == 200)
    }

    @Test func `a rule can end shortly before a link dies`() throws {
        var provider = try SimulatedProvider(
            taskLength: .zero,
            script: Array(#"[{"match":{"kind":"content","life_over":"2s"},"do":{"status":503}}]"#.utf8),
            seed: 7, linkLifetime: .seconds(20))
        var harness = try SimulatedProviderHarness(seconds: 0)
        swap(&harness.provider, &provider)
        let link = try harness.link(try harness.accepted())
        var statuses: [Int] = []
        for seconds in [0, 17, 1, 1, 1] {
            harness.wait(seconds)
            statuses.append(harness.ask("GET", link).status)
        }
        #expect(statuses == [503, 503, 200, 200, 403])
    }
}
