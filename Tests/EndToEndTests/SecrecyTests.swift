import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// The key is in no output of the process.
@Suite(.timeLimit(.minutes(3))) struct SecrecyTests {
    @Test func `the key occurs in no store, archive, log or response`() async throws {
        let fixture = try await EndToEndFixture()
        // Failures of every kind, so that error messages are checked as well.
        try await fixture.script(
            #"""
            [{"match":{"kind":"create","prompt":"garbage"},"do":{"garbage":true}},
             {"match":{"kind":"create","prompt":"refused"},"do":{"status":422}},
             {"match":{"kind":"create","prompt":"cut"},"do":{"cut":"within"}}]
            """#)
        let gateway = try await fixture.gateway()
        var responses: [String] = []
        for prompt in ["garbage", "refused", "cut"] {
            let job = GatewayUnderTest.exampleJob
            let place = try #require(job.firstRange(of: "A woman"))
            let mine = job.replacingSubrange(place, with: prompt)
            responses.append(
                try await gateway.submit(mine, ["-H", "Authorization: Bearer client-token"]).text)
        }
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        responses += try await gateway.follow(id) { $0["status"]?.string == "completed" }
            .map { String(decoding: $0.serialized(), as: UTF8.self) }
        for path in ["/v1/tasks", "/v1/models", "/readyz", "/healthz", "/v1/tasks/\(id)"] {
            responses.append(try await Curl.get(gateway.url + path).text)
        }
        // The key was sent to the provider; otherwise this test would show nothing.
        #expect(
            try await fixture.ledger()["entries"]?.array?.last?["key"]?.string
                == String(EndToEndFixture.key.suffix(4)))

        try await expectNoKey(in: fixture.folder.path + "/data")
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
        try await expectNoKey(in: fixture.folder.path + "/data")
        let written = [await gateway.program.output.all(), await gateway.program.errors.all()]
        responses += written.map { String(decoding: $0, as: UTF8.self) }
        #expect(responses.allSatisfy { !$0.contains(EndToEndFixture.key) && !$0.contains("client-token") })
    }

    /// Returns the bytes of every file, including the write-ahead log.
    private func expectNoKey(in folder: String) async throws {
        let all = try await Tools.run("grep", ["-rac", ".", folder])
        #expect(all.lines.count >= 2, "store and archive are there: \(all.text)")
        let found = try await Tools.run(
            "grep", ["-rlaF", "-e", EndToEndFixture.key, "-e", "client-token", folder])
        #expect(found.status == 1, "\(found.text)")
    }

    @Test func `a crash leaves no core file and no backtrace`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let limits = try await Tools.run(
            "grep", ["Max core file size", "/proc/\(gateway.program.pid)/limits"])
        #expect(limits.text.split(separator: " ").filter { $0 == "0" }.count == 2, "\(limits.text)")
        gateway.program.signal(SIGABRT)
        #expect(await gateway.program.end() == -SIGABRT)
        let message = String(decoding: await gateway.program.errors.all(), as: UTF8.self)
        #expect(!message.contains("Backtrace") && !message.contains("Crash"), "\(message)")
        let cores = try await Tools.run("find", [fixture.folder.path, "-name", "core*"])
        #expect(cores.text == "")
    }
}

extension String {
    /// Returns the text with a replaced range.
    fileprivate func replacingSubrange(_ range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + self[range.upperBound...]
    }
}
