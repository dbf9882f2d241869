import HTTPWire

/// The provider's API key. Every printed form is `APIKey(…)`; its only use is the `Authorization` field.
package struct APIKey: Sendable {
    /// The maximum length of a key in bytes.
    package static let lengthMax = 4096

    /// The earlier keys that the redactor still removes from texts.
    private static let earlierMax = 8

    private let secret: String
    /// Keys that this one replaced, the latest first: the provider may still name them, and they may still be
    /// valid.
    private var earlier: [String] = []
    /// The redactor that removes this key, and those that it replaced, from texts. Made once per key.
    private(set) var redactor: Redactor

    /// Creates a key from the content of a file, variable or credential. Trailing line ends are removed.
    package init(_ text: String) throws(APIKeyError) {
        var bytes = text.utf8[...]
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.lengthMax else { throw .tooLong(limit: Self.lengthMax) }
        // Visible ASCII only: an embedded line end would start another header field.
        let secret = String(decoding: bytes, as: UTF8.self)
        guard secret.isVisibleASCII else { throw .unprintable }
        self.secret = secret
        redactor = Redactor(secret: secret)
    }

    /// The value of the `Authorization` field (RFC 6750 §2.1).
    func authorization() -> String { "Bearer \(secret)" }

    /// Returns this key as the successor of another.
    func replacing(_ former: APIKey) -> APIKey {
        var key = self
        key.earlier = Array(
            ([former.secret] + former.earlier).filter { $0 != secret }.prefix(Self.earlierMax))
        key.redactor = Redactor(secrets: [secret] + key.earlier)
        return key
    }

    /// Whether another key has the same text.
    func isEqual(to other: APIKey) -> Bool { secret == other.secret }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "APIKey(…)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
