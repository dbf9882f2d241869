import Gateway
import JSONText
import Testing
import VideoJobs

@testable import WebhookClient

@Suite struct NoticeTemplateTests {
    private func template(_ text: String, isNamedJSON: Bool = false) throws -> NoticeTemplate {
        try NoticeTemplate(Array(text.utf8), isNamedJSON: isNamedJSON)
    }

    private func body(
        _ text: String, _ values: NoticeValues, _ dialect: NoticeDialect = .plain
    ) throws -> String {
        String(decoding: try template(text).body(values, in: dialect), as: UTF8.self)
    }

    @Test func `every placeholder has its value`() throws {
        var record = exampleRecord(prompt: "A woman walks")
        record.state = .failed
        record.failure = FailureReason(code: "refused", message: "too dark")
        let values = NoticeValues(.task(.failed, record), publicURL: "https://gate.example")
        let text =
            "{{id}}|{{ model }}|{{state}}|{{prompt:7}}|{{duration}}|{{price}}|{{url}}|{{error}}|{{client}}"
        let expected =
            "\(record.id)|veo|failed|A woma…|1 min 23 s|$0.40|https://gate.example/v1/tasks/\(record.id)|"
            + "too dark|studio"
        #expect(try body(text, values) == expected)
        #expect(
            try body("{{text}}", values)
                == "Video failed: veo (1 min 23 s, $0.40)\n“A woman walks”\ntoo dark\n"
                + "https://gate.example/v1/tasks/\(record.id)")
    }

    @Test func `a completed task links its video, and what it lacks is empty`() throws {
        let values = NoticeValues(.task(.completed, exampleRecord(prompt: nil, price: nil)), publicURL: "u:")
        #expect(
            try body("[{{prompt}}{{error}}{{price}}]{{url}}", values) == "[]u:/v1/tasks/\(exampleID)/content")
        #expect(
            try body("{{text}}", values)
                == "Video completed: veo (1 min 23 s)\nu:/v1/tasks/\(exampleID)/content")
    }

    @Test(arguments: [
        #"he said "no", \ and {"a":1}"#, "two\nlines\r\nand\u{2028}more\u{0}", "{{id}} }} {{", "🎬👩‍👩‍👧 ünï",
        String(repeating: "x\"", count: 5_000), "\u{1B}[31m\u{7F}",
    ])
    func `a JSON template stays JSON, whatever the prompt is`(_ prompt: String) throws {
        let values = NoticeValues(.task(.completed, exampleRecord(prompt: prompt)), publicURL: "u:")
        for dialect in [NoticeDialect.plain, .slack, .discord] {
            let text = #"{"a":{"b":"<{{prompt}}>","c":["{{prompt:80}}"]}}"#
            let json = try JSONValue(parsing: try template(text).body(values, in: dialect))
            let shown = try #require(json["a"]?["b"]?.string)
            #expect(!shown.contains { $0.isNewline || $0 == "\u{0}" || $0 == "\u{1B}" })
            #expect(json["a"]?.object?.members.count == 2)
            let short = try #require(json["a"]?["c"]?.array?.first?.string)
            if dialect == .plain { #expect(short.count <= 80) }
        }
    }

    @Test func `the presets mention nobody and link nothing that a prompt names`() throws {
        let prompt = "<!everyone> @everyone <@U1> [x](http://evil.example) *b* &lt; evil.example"
        let subject = NoticeSubject.task(.completed, exampleRecord(prompt: prompt, model: "veo-3.1_x"))
        let values = NoticeValues(subject, publicURL: "https://gate.example")
        for preset in [NoticePreset.slack, .discord] {
            let format = NoticeFormat(preset)
            let dialect = try #require(format.dialect)
            let json = try JSONValue(parsing: format.template.body(values, in: dialect))
            let text = try #require((json["text"] ?? json["content"])?.string)
            #expect(text.hasSuffix("\nhttps://gate.example/v1/tasks/\(exampleID)/content"))
            // A person can copy the model's name.
            #expect(text.hasPrefix("Video completed: veo-3.1_x ("), "\(text)")
            let shown = text.split(separator: "\n")[1]
            #expect(!shown.contains("http://") && !shown.contains("https:"), "\(preset): \(shown)")
            if preset == .slack {
                #expect(!shown.contains("<") && !shown.contains("evil.example"))
                #expect(!shown.contains("@everyone"))
                #expect(shown.contains("&lt;!everyone&gt;") && shown.contains("&amp;lt;"))
            } else {
                #expect(json["allowed_mentions"]?["parse"] == [])
                #expect(shown.contains("\\<\\@U1\\>") && shown.contains("\\@everyone \\<"))
            }
        }
    }

    @Test(arguments: [NoticeDialect.slack, .discord])
    func `a prompt cannot link, also without a scheme`(_ dialect: NoticeDialect) {
        let text = dialect.foreign("see www.evil.example, discord.gg/x and https://evil.example/y")
        for link in ["www.evil", "evil.example", "discord.gg", "gg/x", "https://", "example/y"] {
            #expect(!text.contains(link), "\(link) in \(text)")
        }
    }

    @Test(arguments: [
        ("hooks.slack.com", NoticeDialect.slack), ("hooks.slack-gov.com", .slack), ("discord.com.", .discord),
        ("canary.discord.com", .discord), ("notslack.com", .plain), ("slack.com.evil.example", .plain),
    ])
    func `a file for Slack or Discord is written as they read it`(_ host: String, _ dialect: NoticeDialect) {
        #expect(NoticeDialect(ofHost: host) == dialect)
    }

    @Test(arguments: [
        ("{{promt}}", 1, "unknown placeholder {{promt}}", "did you mean {{prompt}}?"),
        ("a\n{\"x\":\"{{xyz}}\"}", 2, "unknown placeholder {{xyz}}", "known placeholders: id,"),
        ("a\nb {{id", 2, "{{ without }} on its line", "{{prompt:80}}"),
        ("{{id\n}}", 1, "{{ without }} on its line", "{{prompt:80}}"),
        ("x }} y", 1, "}} without {{", ""), ("\n\n{id}", 3, "{id has one brace", "{{id}}"),
        ("{{id}} {prompt:80}", 1, "{prompt has one brace", "{{prompt}}"),
        (#"{"a": {{id}}}"#, 1, "with values it is not JSON", "inside a string"),
        ("{\n\"a\": \"{{id}}\",\n}", 3, "with values it is not JSON", "inside a string"),
        ("{{prompt:0}}", 1, "is no length in characters", "from 1 to 1000"),
        ("{{prompt:x}}", 1, "is no length in characters", "from 1 to 1000"),
        ("{{{id}}}", 1, "unknown placeholder {{{id}}", "{{id}}"), ("{{}}", 1, "unknown placeholder", "known"),
        ("  \n", nil, "it is empty", ""),
    ])
    func `a wrong template is an issue with its line and a remedy`(
        _ text: String, _ line: Int?, _ message: String, _ remedy: String
    ) throws {
        let error = try #require(throws: NoticeTemplateError.self) { try template(text) }
        #expect(error.line == line && error.message.contains(message), "\(error)")
        #expect(remedy.isEmpty || error.remedy?.contains(remedy) == true, "\(error)")
    }

    @Test func `a template is JSON by its content, or must be by its name`() throws {
        #expect(try template(#" [{"a":"{{id}}"}] "#).isJSON)
        #expect(try !template("[Reelgate] {{text}}").isJSON)
        #expect(try !template("{{text}}").isJSON && !template("done").isJSON)
        #expect(throws: NoticeTemplateError.self) { try template("{{text}}", isNamedJSON: true) }
        #expect(try template(#""{{text}}""#, isNamedJSON: true).isJSON)
        #expect(throws: NoticeTemplateError.self) { try NoticeTemplate([0x61, 0xFF]) }
        let many = String(repeating: "{{id}} ", count: 40)
        #expect(throws: NoticeTemplateError.self) { try template(many) }
    }
}
