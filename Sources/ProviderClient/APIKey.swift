/// The one paid key. Prints as `APIKey(…)` however it is printed; its only use is the `Authorization` field.
package struct APIKey: Sendable {
    /// The maximum length of a key in bytes.
    package static let lengthMax = 4096

    private let secret: String

    /// Takes a key from a file, a variable or a credential; line ends after it are not part of it.
    package init(_ text: String) throws(APIKeyError) {
        var bytes = text.utf8[...]
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") {
            bytes.removeLast()
        }
        guard !bytes.isEmpty else { throw .empty }
        guard bytes.count <= Self.lengthMax else { throw .tooLong(limit: Self.lengthMax) }
        // Visible ASCII only: a line end inside would start another header field.
        guard bytes.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .unprintable }
        self.secret = String(decoding: bytes, as: UTF8.self)
    }

    /// The value of the `Authorization` field (RFC 6750 §2.1).
    func authorization() -> String { "Bearer \(secret)" }

    /// What takes this key out of texts.
    var redactor: Redactor { Redactor(secret: secret) }
}

extension APIKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "APIKey(…)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Why a text is no key. Says nothing of the text.
package enum APIKeyError: Error, Equatable, CustomStringConvertible {
    case empty
    case tooLong(limit: Int)
    case unprintable

    package var description: String {
        switch self {
        case .empty: "The provider's key is empty: put the key into its file or variable."
        case .tooLong(let limit): "The provider's key is longer than \(limit) bytes: is it the right file?"
        case .unprintable:
            "The provider's key holds a space, line end or character outside ASCII: give the bare key."
        }
    }
}
