import FoundationEssentials
import Transport

/// A secret that signs webhooks by the rules of Standard Webhooks.
package struct WebhookSecret: Hashable, Sendable {
    package static let prefix = "whsec_"
    /// Bytes of the key. Standard Webhooks asks for 24 to 64.
    package static let lengths = 24...64

    private let key: [UInt8]

    /// Parses `whsec_` and Base64; `nil` for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix(Self.prefix),
            let key = Data(base64Encoded: String(text.dropFirst(Self.prefix.count))),
            Self.lengths.contains(key.count)
        else { return nil }
        self.key = Array(key)
    }

    /// Returns the signature of a message: `v1,` and Base64.
    func signature(id: String, timestamp: Int64, body: [UInt8]) -> String {
        let code = HMACSHA256.code(of: Array("\(id).\(timestamp).".utf8) + body, key: key)
        return "v1," + Data(code).base64EncodedString()
    }
}

// A secret must not reach a log by an interpolation.
extension WebhookSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "WebhookSecret(…)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
