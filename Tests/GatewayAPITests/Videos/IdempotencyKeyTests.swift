import GatewayAPI
import GatewayProtocol
import HTTPWire
import Testing

@Suite struct IdempotencyKeyTests {
    @Test(arguments: [
        ("abc", "abc"), ("\"abc\"", "abc"), (#""a\"b\\c""#, #"a"b\c"#),
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        (String(repeating: "k", count: 255), String(repeating: "k", count: 255)),
    ])
    func `bare and quoted spellings name a key`(_ value: String, _ key: String) throws {
        #expect(try IdempotencyKey(fields(value))?.text == key)
    }

    @Test(arguments: [
        "", "\"\"", "\"abc", "a b", "\"a b\"", #""a\b""#, #""a"b""#, #""a\""#, "ключ", "\"",
        String(repeating: "k", count: 256),
    ])
    func `anything else is 400`(_ value: String) {
        let problem = #expect(throws: Problem.self) { try IdempotencyKey(fields(value)) }
        #expect(problem?.status == 400)
        #expect(problem?.code == .badRequest)
    }

    @Test func `two keys are 400, even if they are the same`() {
        var twice = fields("a")
        twice.append("idempotency-key", "a")
        #expect(throws: Problem.self) { try IdempotencyKey(twice) }
    }

    @Test func `without a key there is none`() throws {
        #expect(try IdempotencyKey(HTTPFields()) == nil)
    }

    private func fields(_ value: String) -> HTTPFields {
        var fields = HTTPFields()
        fields.append("Idempotency-Key", value)
        return fields
    }
}
