import JSONText

/// A value that violates one rule, with the expected issue.
struct WrongValue: Sendable {
    var name: String
    var value: JSONValue
    var code: String
    var message: String
    var hint: String?

    init(_ name: String, _ value: JSONValue, _ code: String, _ message: String, _ hint: String?) {
        self.name = name
        self.value = value
        self.code = code
        self.message = message
        self.hint = hint
    }
}
