import Testing
@testable import HTTPWire

@Suite struct RequestConditionsTests {
    private func outcome(
        _ fields: [(String, String)], method: String = "GET", tag: EntityTag? = EntityTag("a"),
        modified: Int64? = 784_111_777
    ) -> RequestConditions.Outcome {
        conditions(fields, method).outcome(.init(entityTag: tag, lastModified: modified))
    }

    private func conditions(_ fields: [(String, String)], _ method: String = "GET") -> RequestConditions {
        var head = RequestHead(method: method, path: "/", authority: "a")
        for (name, value) in fields { head.fields.append(name, value) }
        return RequestConditions(head, now: 1_757_165_031)
    }

    private static let date = "Sun, 06 Nov 1994 08:49:37 GMT"
    private static let before = "Sun, 06 Nov 1994 08:49:36 GMT"

    @Test(arguments: ["\"a\"", "W/\"a\"", "*", "\"b\", \"a\"", "\"b\",W/\"a\"", ", \"a\" ,"])
    func `a matching tag yields 304 or 412`(_ value: String) {
        #expect(outcome([("If-None-Match", value)]) == .notModified)
        #expect(outcome([("If-None-Match", value)], method: "HEAD") == .notModified)
        #expect(outcome([("If-None-Match", value)], method: "POST") == .failed)
    }

    @Test(arguments: [
        "\"b\"", "a", "\"A\"", "\"a", "a\"", "w/\"a\"", "W/a", "\"a\" \"b\"", "*, \"a\"", "", "'a'",
        "W /\"a\"",
    ])
    func `an unknown or malformed tag does not match`(_ value: String) {
        #expect(outcome([("If-None-Match", value)]) == .proceed)
    }

    @Test func `If-Match compares strongly`() {
        #expect(outcome([("If-Match", "\"a\"")]) == .proceed)
        #expect(outcome([("If-Match", "*")]) == .proceed)
        #expect(outcome([("If-Match", "\"b\"")]) == .failed)
        #expect(outcome([("If-Match", "W/\"a\"")]) == .failed)
        #expect(outcome([("If-Match", "\"a\"")], tag: EntityTag("a", isWeak: true)) == .failed)
        #expect(outcome([("If-Match", "nonsense")]) == .failed)
    }

    @Test func `dates apply only without tags`() {
        #expect(outcome([("If-Modified-Since", Self.date)]) == .notModified)
        #expect(outcome([("If-Modified-Since", Self.before)]) == .proceed)
        #expect(outcome([("If-Modified-Since", "yesterday")]) == .proceed)
        #expect(outcome([("If-Modified-Since", Self.date)], method: "POST") == .proceed)
        #expect(outcome([("If-Modified-Since", Self.date), ("If-None-Match", "\"b\"")]) == .proceed)
        #expect(outcome([("If-Unmodified-Since", Self.date)]) == .proceed)
        #expect(outcome([("If-Unmodified-Since", Self.before)]) == .failed)
        #expect(outcome([("If-Unmodified-Since", Self.before), ("If-Match", "\"a\"")]) == .proceed)
        #expect(outcome([("If-Unmodified-Since", Self.before)], modified: nil) == .proceed)
    }

    @Test func `tags may span several lines`() {
        #expect(outcome([("If-None-Match", "\"b\""), ("If-None-Match", "\"a\"")]) == .notModified)
    }

    @Test func `If-Range requires the identical representation`() {
        let current = RequestConditions.Validators(entityTag: EntityTag("a"), lastModified: 784_111_777)
        #expect(conditions([]).allowsRange(current))
        #expect(conditions([("If-Range", "\"a\"")]).allowsRange(current))
        for value in ["\"b\"", "W/\"a\"", Self.date, "*", "a", "\"a\", \"b\""] {
            #expect(!conditions([("If-Range", value)]).allowsRange(current))
        }
    }

    @Test func `an entity tag is written in the form in which it is parsed`() {
        for text in ["\"\"", "\"a\"", "W/\"a,b\"", "\"\\\""] {
            #expect(EntityTag.parse(text)?.text == text)
        }
        for text in ["", "a", "\"a b\"", "\"a\"b", " \"a\"", "W/", "W\"a\"", "\"a\u{7f}\""] {
            #expect(EntityTag.parse(text) == nil)
        }
    }
}
