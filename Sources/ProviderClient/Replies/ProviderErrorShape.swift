package import JSONText

/// The provider's error format: `{"error":{"message":…,"type":…[,"code":…][,"param":…]}}`.
///
/// Only this format proves that the provider itself responded, and not an intermediary; so message and type
/// are both required. Further members are allowed.
package struct ProviderErrorShape: Equatable, Sendable {
    package let message: String
    package let type: String
    /// A string or an integer on the wire.
    package let code: String?
    package let param: String?

    /// Reads the error of a response body; returns `nil` for any other format.
    package init?(_ body: JSONValue) {
        guard let error = body["error"], let message = error["message"]?.string,
            let type = error["type"]?.string
        else { return nil }
        self.message = message
        self.type = type
        self.code = error["code"].flatMap(Self.codeText)
        self.param = error["param"]?.string
    }

    /// Returns the text of a code: a non-empty string or an integer.
    static func codeText(_ code: JSONValue) -> String? {
        if let number = code.integer { return String(number) }
        guard let text = code.string, !text.isEmpty else { return nil }
        return text
    }
}
