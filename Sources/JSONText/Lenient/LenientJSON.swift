/// A JSON text whose writer does not keep to RFC 8259, and everything that can be read of it.
///
/// For replies of others that cannot be asked for again; what clients send is read by `JSONValue(parsing:)`.
/// Accepts a byte order mark, UTF-16 and UTF-32, ill-formed UTF-8 and unpaired surrogates (each becomes
/// U+FFFD), control characters in strings, comments, missing and surplus commas, single quotes, bare names, a
/// short guard before the value and anything after it. Numbers that JSON or 64 bits cannot hold become null.
/// A text that ends within its value is not read: what is missing may be what counts.
package struct LenientJSON: Equatable, Sendable {
    /// The first object or array of the text. Members that came twice with different values are all there.
    package let value: JSONValue
    /// A second object or array behind the first, as in newline-delimited JSON.
    package let following: JSONValue?
    /// Whether other text stands before the value: a warning of the server's, perhaps a page.
    package let isEmbedded: Bool

    /// Reads a text; `nil` if it holds no object or array, or is longer than the limit.
    package init?(_ text: [UInt8], limits: JSONLimits = JSONLimits(depth: 64)) {
        guard text.count <= limits.bytes else { return nil }
        let bytes = UnicodeText.utf8(text)
        if let start = Self.start(of: bytes) {
            var reader = LenientJSONReader(bytes, at: start, depthMax: limits.depth)
            if let value = reader.container() {
                self.value = value
                following = reader.container()
                isEmbedded = false
                return
            }
        }
        guard let value = Self.embedded(in: bytes, limits) else { return nil }
        self.value = value
        following = nil
        isEmbedded = true
    }

    /// Longer text before the value is no guard against script inclusion, such as `)]}'` or `while(1);`.
    private static let guardLongest = 64
    /// How many lines are tried as the beginning of a value.
    private static let linesMax = 16

    /// Where the value begins: at once, or behind a guard. A page of HTML is no guard.
    private static func start(of bytes: [UInt8]) -> Int? {
        let brackets = [UInt8(ascii: "{"), UInt8(ascii: "[")]
        let prefix = bytes.prefix(guardLongest + 1)
        let start = LenientJSONReader.skipBlank(bytes, from: 0)
        guard start < bytes.count else { return nil }
        if brackets.contains(bytes[start]) { return start }
        guard let first = prefix.firstIndex(where: brackets.contains) else { return nil }
        let isGuard = prefix[..<first].allSatisfy { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "\"") }
        return isGuard ? first : nil
    }

    /// An object that begins a line and ends the text, as behind a warning that PHP printed.
    private static func embedded(in bytes: [UInt8], _ limits: JSONLimits) -> JSONValue? {
        var tries = 0
        for index in bytes.indices.dropFirst()
        where bytes[index] == UInt8(ascii: "{") && bytes[index - 1] == UInt8(ascii: "\n") {
            tries += 1
            guard tries <= linesMax else { return nil }
            var reader = LenientJSONReader(bytes, at: index, depthMax: limits.depth)
            if let value = reader.container(), reader.isAtEnd { return value }
        }
        return nil
    }
}

extension LenientJSON {
    /// The text as it is read, for a person: whatever its encoding, and without a byte order mark.
    package static func text(of bytes: [UInt8]) -> String {
        String(decoding: UnicodeText.utf8(bytes), as: UTF8.self)
    }
}
