package import JSONText

/// The provider's own way of saying no: `{"error":{"message":…,"type":…[,"code":…][,"param":…]}}`.
///
/// Only this shape proves that the provider itself answered and not something in front of it, so message and
/// type must both be there; further members are welcome.
package struct ProviderErrorShape: Equatable, Sendable {
    package let message: String
    package let type: String
    /// A string or an integer on the wire.
    package let code: String?
    package let param: String?

    package init?(_ answer: JSONValue) {
        guard let error = answer["error"], let message = error["message"]?.string,
            let type = error["type"]?.string
        else { return nil }
        self.message = message
        self.type = type
        self.code = error["code"].flatMap(Self.word)
        self.param = error["param"]?.string
    }

    /// A code's text: a non-empty string or an integer.
    static func word(_ code: JSONValue) -> String? {
        if let number = code.integer { return String(number) }
        guard let text = code.string, !text.isEmpty else { return nil }
        return text
    }
}
