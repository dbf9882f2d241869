import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// A provider reflects the key in bodies, header fields, redirects and errors, in several encodings.
/// Afterwards everything that the gateway wrote or sent is searched for every form of the key.
@Suite(.timeLimit(.minutes(5))) struct KeyCanaryTests {
    @Test func `a reflected key is in no file, log, response or request to another host`() async throws {
        let harness = try await KeyCanaryHarness()
        try await harness.start()
        var ids = try await submitRejected(to: harness)
        try await settle(ids, with: harness)
        ids += try await followAccepted(with: harness)
        try harness.writeKey(harness.key + " \n")
        try await harness.reload(until: "the configuration cannot be reloaded")
        try await harness.readEverything(ids)
        try await harness.expectNoKey()
        #expect(try await harness.stop(SIGTERM) == 0)
        try await harness.expectNoKey()
        // Each defence was needed.
        for text in [
            "APIKey(…)", "the result link contains the API key", "the download contains the API key",
            "the result link redirects to a link that contains the API key",
        ] {
            #expect(try await harness.hasRecorded(text), "\(text)")
        }

        // What was stored is read and logged again, and the process ends by a fault.
        try harness.writeKey(harness.key)
        try await harness.start()
        try await harness.readEverything(ids)
        #expect(try await harness.stop(SIGSEGV) == -SIGSEGV)
        try await harness.expectNoKey()
        let cores = try await Tools.run("find", [harness.fixture.folder.path, "-name", "core*"])
        #expect(cores.text == "")
    }

    /// Submits jobs that the provider does not accept.
    private func submitRejected(to harness: KeyCanaryHarness) async throws -> [String] {
        let rules = ReflectionRule.creates(other: harness.other.origin)
        let refusal = #"{"match": {"kind": "create", "prompt": "refused"}, "do": {"status": 422}}"#
        let script = rules.map(\.json) + [refusal]
        try await harness.fixture.script("[" + script.joined(separator: ",") + "]")
        var ids: [String] = []
        for rule in rules {
            ids.append(try await harness.submit(rule.prompt))
            // Two lost replies in a row would pause submission.
            try await harness.submit("refused")
        }
        #expect(try await harness.acted() == rules.map { _ in 1 } + [Int64(rules.count)])
        return ids
    }

    /// Adopts uncertain tasks; the polls before it reflect the key.
    private func settle(_ ids: [String], with harness: KeyCanaryHarness) async throws {
        try await harness.fixture.script("[" + ReflectionRule.adoptions.joined(separator: ",") + "]")
        var uncertain: [String] = []
        for id in ids where try await harness.state(id) == "uncertain" { uncertain.append(id) }
        for (number, _) in ReflectionRule.adoptions.enumerated() {
            let id = try #require(uncertain.first)
            let body = #"{"provider_task_id":"adopted-\#(number)."}"#
            try await harness.send(["/v1/tasks/\(id)/adopt"], ["--data-binary", body])
            if try await harness.state(id) != "uncertain" { uncertain.removeFirst() }
        }
        #expect(try await harness.acted().allSatisfy { $0 > 0 })
    }

    /// Follows jobs that the provider accepts.
    private func followAccepted(with harness: KeyCanaryHarness) async throws -> [String] {
        let polls = ReflectionRule.polls(other: harness.other.origin)
        let downloads = ReflectionRule.downloads(other: harness.other.origin)
        let rules = polls + downloads
        try await harness.fixture.script("[" + rules.map(\.json).joined(separator: ",") + "]")
        var ids: [String: String] = [:]
        for rule in rules where ids[rule.prompt] == nil {
            ids[rule.prompt] = try await harness.submit(rule.prompt)
        }
        try await harness.fixture.advance("61m")
        var awaited: [(rule: Int, id: String)] = []
        for (number, rule) in rules.enumerated() {
            // The first rule of a download acts once.
            let isRepeated = number < polls.count || (number - polls.count) % 2 == 1
            if isRepeated, let id = ids[rule.prompt] { awaited.append((number, id)) }
        }
        try await harness.wait(for: awaited)
        return Array(ids.values)
    }

    @Test(arguments: ReflectionRule.pauses.indices)
    func `a key in a rejection of the account is in no response and not in the log`(
        _ index: Int
    ) async throws {
        let harness = try await KeyCanaryHarness()
        let rule = ReflectionRule.pauses[index]
        try await harness.fixture.script("[\(rule.json)]")
        try await harness.start()
        let ids = [try await harness.submit(rule.prompt), try await harness.submit(rule.prompt)]
        // A probe of the account may be in progress.
        #expect(["queued", "sending"].contains(try await harness.state(ids[0])))
        try await harness.readEverything(ids)
        #expect(try await harness.stop(SIGTERM) == 0)
        try await harness.expectNoKey()
    }

    /// Replies that are not valid HTTP, or end early; KEY is replaced.
    private static let malformed = [
        "KEY\r\n\r\n", "HTTP/1.1 KEY OK\r\n\r\n", "HTTP/9.KEY 200 OK\r\n\r\n",
        "HTTP/1.1 200 KEY\r\nContent-Length: 9999\r\n\r\n{\"message\":\"KEY\"",
        "HTTP/1.1 200 OK\r\nKEY\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: KEY\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nKEY\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: KEY\r\n\r\nKEY\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nKEY",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nKEY: KEY\r\n\r\n",
        "HTTP/1.1 103 KEY\r\nLink: KEY\r\n\r\n", "HTTP/1.1 422 KEY\r\nConnection: close\r\n\r\nKEY",
        "HTTP/1.1 407 KEY\r\nProxy-Authenticate: Basic realm=KEY\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n" + String(repeating: "KEY ", count: 100),
    ]

    @Test func `a key in a malformed reply is in no response and not in the log`() async throws {
        let harness = try await KeyCanaryHarness()
        let key = harness.key
        let provider = RawServer { connection, _ in
            while let request = connection.readRequest() {
                let job = String(decoding: request.body, as: UTF8.self)
                let row = Self.malformed.indices.first { job.contains("malformed \($0).") }
                guard let row else {
                    connection.respond(422, #"{"error":{"message":"refused","type":"t"}}"#)
                    continue
                }
                connection.write(Self.malformed[row].replacing("KEY", with: key))
                return
            }
        }
        defer { provider.stop() }
        try await harness.start(provider: provider.origin)
        var ids: [String] = []
        for row in Self.malformed.indices {
            ids.append(try await harness.submit("malformed \(row)."))
            // Two lost replies in a row would pause submission.
            try await harness.submit("refused")
        }
        try await harness.readEverything(ids)
        #expect(try await harness.stop(SIGTERM) == 0)
        try await harness.expectNoKey()
        #expect(provider.requests.contains { $0.head.contains(key) })
    }
}
