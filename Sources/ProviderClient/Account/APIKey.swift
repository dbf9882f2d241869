import HTTPWire

/// The provider's API key. Every printed form is `APIKey(…)`; its only use is the `Authorization` field.
package struct APIKey: Sendable {
    /// The maximum length of a key in bytes.
    package static let lengthMax = 4096

    private let secret: String

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
    }

    /// The value of the `Authorization` field (RFC 6750 §2.1).
    func authorization() -> String { "Bearer \(secret)" }

    /// The redactor that removes this key from texts.
    var redactor: Redactor { Redactor(secret: secret) }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "APIKey(…)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
