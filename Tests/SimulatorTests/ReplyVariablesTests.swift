import Foundation
import HTTPServing
import JSONText
import Simulator
import Testing

/// Scripted replies that reflect what the request contained.
@Suite struct ReplyVariablesTests {
    private static let key = "sk/a+b=c~1234"

    private func reflected(_ reply: String, key: String? = Self.key) throws -> SimulatedResponse {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"do":{"reply":\#(reply)}}]"#)
        return harness.ask("GET", "/v1/tasks/task-1", key: key)
    }

    @Test func `a reply reflects the request's authorization in its body and fields`() throws {
        let response = try reflected(
            #"{"status":418,"body":"<{{authorization}}>","fields":{"X-Request-Id":"id {{key}}"}}"#)
        #expect(response.status == 418)
        #expect(String(decoding: response.bytes, as: UTF8.self) == "<Bearer \(Self.key)>")
        #expect(response.field("X-Request-Id") == "id \(Self.key)")
    }

    @Test(arguments: 0..<7)
    func `values are encoded as a filter says`(_ length: Int) throws {
        let key = String("k/+=~?&".prefix(max(1, length)))
        let response = try reflected(
            #"{"body":"{{key|base64}} {{key|hex}} {{key|percent}} {{authorization|base64}}"}"#, key: key)
        let words = String(decoding: response.bytes, as: UTF8.self).split(separator: " ")
        #expect(words[0] == Data(key.utf8).base64EncodedString())
        #expect(words[1] == key.utf8.map { $0 < 16 ? "0" : "" + String($0, radix: 16) }.joined())
        #expect(String(words[2]).removingPercentEncoding == key)
        #expect(words[2].allSatisfy { $0 == "%" || $0 == "~" || $0.isLetter || $0.isNumber })
        #expect(words[3] == Data("Bearer \(key)".utf8).base64EncodedString())
    }

    @Test(arguments: [
        ("hex|colons", "61:62:63:64"), ("base64|base64", "WVdKalpBPT0="), ("reversed", "dcba"),
        ("broken", "ab\ncd"), ("zero_width", "a\u{200B}b\u{200B}c\u{200B}d"),
        ("hex|hex|hex|hex|hex", "{{key|hex|hex|hex|hex|hex}}"),
    ])
    func `up to four filters are applied in order`(_ filters: String, _ value: String) throws {
        let response = try reflected(#"{"body":"{{key|\#(filters)}}"}"#, key: "abcd")
        #expect(String(decoding: response.bytes, as: UTF8.self) == value)
    }

    @Test func `a redirect reflects the key`() throws {
        var harness = try SimulatedProviderHarness()
        try harness.setScript(#"[{"do":{"redirect":"http://other/?k={{key|hex}}"}}]"#)
        let response = harness.ask("GET", "/v1/tasks/task-1", key: "ab")
        #expect(response.status == 307 && response.field("Location") == "http://other/?k=6162")
    }

    @Test func `a variable without a value is empty, and other names are left unchanged`() throws {
        let response = try reflected(
            #"{"body":"{{key}}|{{authorization|hex}}|{{task_id}}|{{other}}|{{key|rot13}}|{{ {{key}}"}"#,
            key: nil)
        #expect(String(decoding: response.bytes, as: UTF8.self) == "|||{{other}}|{{key|rot13}}|{{ ")
    }
}
