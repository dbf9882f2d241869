import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Notices as people and operators see them, with the executable.
@Suite(.timeLimit(.minutes(3))) struct NoticeDeliveryTests {
    private static let prompt =
        #"he said \"no\" <!everyone>\n\u2028second {{id}} 🎬"# + String(repeating: "x", count: 1_900)

    private func job() -> String {
        GatewayUnderTest.exampleJob.replacing(
            /"prompt":"[^"]*"/, with: "\"prompt\":\"\(Self.prompt)\"")
    }

    /// Writes a file with the URL of a receiver.
    private func write(_ url: String, to name: String, in fixture: EndToEndFixture) throws {
        _ = try fixture.folder.write(url, to: name, mode: 0o600)
    }

    private func check(
        _ fixture: EndToEndFixture, _ arguments: [String] = []
    ) async throws -> FinishedProgram {
        try await Tools.run(
            "reelgate", ["check", "--config", "reelgate.yaml"] + arguments, folder: fixture.folder.path)
    }

    /// Returns the notices of a task once all have ended, by the command line.
    private func ended(_ id: String, _ count: Int, _ gateway: GatewayUnderTest) async throws -> [JSONValue] {
        while true {
            let shown = try await Tools.run(
                "reelgate", ["tasks", "deliveries", id], environment: ["REELGATE_URL": gateway.url])
            try Task.checkCancellation()
            try #require(shown.status == 0, "\(shown.errors)")
            let all = try shown.lines.map { try JSONValue(parsing: Array($0.utf8)) }
            if all.count == count, all.allSatisfy({ $0["state"]?.string != "pending" }) { return all }
        }
    }

    private static let card = #"""
        {"card":{"title":"{{state}} {{model}}","body":["{{prompt:40}}","{{error}}"],"n":{"d":"{{duration}}"}}}
        """#

    /// Starts a gateway with six receivers of a completed video.
    private func gateway(_ fixture: EndToEndFixture, _ receiver: RawServer) async throws -> GatewayUnderTest {
        let endings = ["slack": "\n", "discord": "\r\n", "ntfy": "", "own": "\n", "plain": "\n"]
        for (name, ending) in endings {
            try write("\(receiver.origin)/\(name)/hidden-path\(ending)", to: "\(name).url", in: fixture)
        }
        _ = try fixture.folder.write(Self.card, to: "card.json")
        _ = try fixture.folder.write("[{{state}}] {{prompt:60}}\n{{url}}\n", to: "plain.txt")
        let entries =
            ["slack", "discord", "ntfy"].map { "{url_file: \($0).url, template: \($0)}" } + [
                "{url_file: own.url, template: card.json}", "{url_file: plain.url, template: plain.txt}",
                "{url_file: plain.url, template: ntfy, on: [completed, uncertain]}",
                "{url_file: plain.url, template: ntfy, on: [failed]}",
            ]
        return try await fixture.gateway { $0.notify = "[\(entries.joined(separator: ", "))]" }
    }

    @Test func `a completed video is reported to every receiver, as it reads it, without showing a URL`()
        async throws
    {
        let receiver = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(204) }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        let gateway = try await gateway(fixture, receiver)
        let id = try await gateway.accepted(job())
        try await fixture.advance("61m")
        let shown = try await ended(id, 6, gateway)
        #expect(shown.allSatisfy { $0["kind"]?.string == "notice" && $0["state"]?.string == "delivered" })
        let templates = ["slack", "discord", "ntfy", "card.json", "plain.txt", "ntfy"]
        #expect(shown.map { $0["template"]?.string } == templates)
        #expect(shown.first?["url_file"]?.string == "slack.url")
        expect(receiver.requests, toReport: "\(gateway.url)/v1/tasks/\(id)/content")
        try await expectSecrecy(of: "hidden-path", fixture, gateway, shown)
    }

    private func expect(_ requests: [RawRequest], toReport link: String) {
        #expect(requests.count == 6)
        func bodies(_ name: String) -> [String] {
            requests.filter { $0.target == "/\(name)/hidden-path" }.map {
                String(decoding: $0.body, as: UTF8.self)
            }
        }
        func json(_ name: String) -> JSONValue? {
            bodies(name).first.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
        }
        let text = json("slack")?["text"]?.string ?? ""
        #expect(text.contains("&lt;!everyone&gt;") && text.hasSuffix("\n\(link)"), "\(text)")
        #expect(json("discord")?["content"]?.string?.contains(#"\<!everyone\>"#) == true)
        let card = json("own")?["card"]
        #expect(card?["title"]?.string?.hasPrefix("completed ") == true)
        let prompt = #"he said "no" <!everyone>  second {{id}}…"#
        #expect(card?["body"]?.array?.first?.string == prompt, "\(bodies("own"))")
        #expect(
            bodies("plain").contains {
                $0.hasPrefix("[completed] he said \"no\"") && $0.hasSuffix("\(link)\n")
            })
        #expect(requests.contains { $0.lines.contains("Title: Video completed") })
    }

    private func expectSecrecy(
        of secret: String, _ fixture: EndToEndFixture, _ gateway: GatewayUnderTest, _ shown: [JSONValue]
    ) async throws {
        let logs = gateway.program.errors.text + gateway.program.output.text
        #expect(logs.contains("a notice was delivered") && !logs.contains(secret))
        #expect(shown.allSatisfy { !String(decoding: $0.serialized(), as: UTF8.self).contains(secret) })
        for file in ["reelgate.db", "reelgate.db-wal"] {
            let data = try Data(contentsOf: URL(filePath: fixture.folder.path + "/data/" + file))
            #expect(data.contains("plain.url".utf8) || file != "reelgate.db-wal")
            #expect(!data.contains(secret.utf8), "\(file)")
        }
    }

    @Test func `a URL file that is no single URL, and a wrong template, are issues with their place`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let url = "https://hooks.example/hidden-path"
        try write("\(url)\n\(url)\n", to: "two.url", in: fixture)
        try write("\n", to: "empty.url", in: fixture)
        try write("hooks.example/hidden-path", to: "none.url", in: fixture)
        try write("\(url)\r\n", to: "good.url", in: fixture)
        _ = try fixture.folder.write(url, to: "open.url", mode: 0o644)
        _ = try fixture.folder.write("{\n\"a\": \"{{promt:80}}\"}", to: "card.json")
        let files = ["two.url", "empty.url", "none.url", "missing.url", "open.url"]
        let entries =
            files.map { "{url_file: \($0), template: slack}" } + [
                "{url_file: good.url, template: card.json}", "{url_file: good.url, template: slak}",
            ]
        _ = try fixture.writeConfiguration { $0.notify = "[\(entries.joined(separator: ", "))]" }
        let result = try await check(fixture)
        #expect(result.status == 1)
        for message in [
            "notify.0.url_file: two.url: it has more than one line", "empty.url: it is empty",
            "none.url: it does not contain one http or https URL", "missing.url: there is no such file",
            "open.url: other users can read it (mode 644)",
            "card.json:2: notify.5.template: unknown placeholder",
            "did you mean {{prompt}}?", "slak: it is neither a template that is built in nor a file",
            "did you mean slack?",
        ] {
            #expect(result.errors.contains(message), "\(message) in \(result.errors)")
        }
        #expect(!result.errors.contains("hidden-path"))
    }

    @Test func `a reload replaces all settings or none`() async throws {
        let receiver = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        try write("\(receiver.origin)/a", to: "a.url", in: fixture)
        let entries = ["{url_file: a.url, template: ntfy}", "{url_file: b.url, template: ntfy}"]
        _ = try fixture.writeConfiguration {
            $0.notify = "[\(entries.joined(separator: ", "))]"
            $0.spend = "{job_usd: 1000}"
        }
        gateway.program.signal(SIGHUP)
        _ = try await gateway.program.line(
            of: \.errors, containing: "the configuration cannot be reloaded")
        #expect(!gateway.program.errors.text.contains("the spend ceilings are replaced"))
        try write("\(receiver.origin)/b", to: "b.url", in: fixture)
        gateway.program.signal(SIGHUP)
        _ = try await gateway.program.line(of: \.errors, containing: "the receivers of notices are replaced")
        _ = try await gateway.program.line(of: \.errors, containing: "the spend ceilings are replaced")
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        #expect(try await ended(id, 2, gateway).count == 2)
        #expect(Set(receiver.requests.map(\.target)) == ["/a", "/b"])
        #expect(!gateway.program.errors.text.contains("changed settings need a restart"))
    }
}
