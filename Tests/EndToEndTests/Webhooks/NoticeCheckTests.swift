import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Test notices, and notices that are about no task, with the executable.
@Suite(.timeLimit(.minutes(3))) struct NoticeCheckTests {
    private func check(
        _ fixture: EndToEndFixture, _ arguments: [String]
    ) async throws -> FinishedProgram {
        try await Tools.run(
            "reelgate", ["check", "--config", "reelgate.yaml"] + arguments, folder: fixture.folder.path)
    }

    @Test func `a test notice goes to each receiver, and the check says which one refused it`() async throws {
        let receiver = RawServer { connection, _ in
            while let request = connection.readRequest() {
                connection.respond(request.target.hasPrefix("/gone") ? 404 : 200)
            }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        _ = try fixture.folder.write("\(receiver.origin)/a/hidden-path\n", to: "a.url", mode: 0o600)
        _ = try fixture.folder.write("\(receiver.origin)/gone/hidden-path\n", to: "b.url", mode: 0o600)
        _ = try fixture.folder.write(#"{"t":"{{state}} {{model}} {{error}}"}"#, to: "own.json")
        let first = "{url_file: a.url, template: own.json, on: [failed]}"
        let second = "{url_file: b.url, template: slack}"
        _ = try fixture.writeConfiguration { $0.notify = "[\(first), \(second)]" }
        let failed = try await check(fixture, ["--online", "--notify"])
        let output = String(decoding: failed.output, as: UTF8.self)
        #expect(failed.status == 1)
        #expect(output.contains("notify.0: own.json (a.url): accepted, HTTP 200"), "\(output)")
        #expect(failed.errors.contains("notify.1: slack (b.url): not accepted: HTTP 404"), "\(failed.errors)")
        #expect(!(output + failed.errors).contains("hidden-path"))
        let body = receiver.requests.first.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(body == #"{"t":"test example-model this receiver works"}"#)

        _ = try fixture.writeConfiguration { $0.notify = "[\(first)]" }
        #expect(try await check(fixture, ["--online", "--notify"]).status == 0)
        #expect(receiver.requests.count == 3)
        #expect(try await check(fixture, ["--notify"]).status == 2)
        #expect(receiver.requests.count == 3)
        #expect(try await fixture.ledger()["accepted"]?.integer == 0)
    }

    @Test func `a rejected key and a used budget are reported once, also over a restart`() async throws {
        let receiver = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        _ = try fixture.folder.write("\(receiver.origin)/x", to: "a.url", mode: 0o600)
        let entry = "[{url_file: a.url, template: ntfy, on: [paused, budget]}]"
        let gateway = try await fixture.gateway { yaml in
            yaml.notify = entry
            yaml.spend = "{day_usd: 3}"
        }
        try await fixture.script(#"[{"match":{"kind":"create"},"do":{"status":401}}]"#)
        // One video costs 2.56 dollars: 85 percent.
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        for notice in ["notice_1", "notice_2"] {
            let delivered = await gateway.program.errors.first {
                $0.contains("a notice was delivered") && $0.contains("\"\(notice)\"")
            }
            #expect(delivered != nil)
        }
        let texts = receiver.requests.map { String(decoding: $0.body, as: UTF8.self) }.sorted()
        #expect(
            texts.first?.hasPrefix("Spend ceiling nearly reached: all clients: $2.56 of $3.00") == true,
            "\(texts)")
        #expect(texts.last?.hasPrefix("Submission paused: the provider rejects") == true, "\(texts)")
        gateway.program.signal(SIGTERM)
        _ = await gateway.program.end()
        let second = try await fixture.gateway { yaml in
            yaml.notify = entry
            yaml.spend = "{day_usd: 3}"
        }
        // The task was tried again, and rejected again.
        _ = try await second.program.line(of: \.errors, containing: "a job was not accepted and waits")
        // It may be tried once more meanwhile.
        _ = try await second.follow(id) { $0["gateway"]?["state"]?.string == "queued" }
        #expect(receiver.requests.count == 2)
    }
}
