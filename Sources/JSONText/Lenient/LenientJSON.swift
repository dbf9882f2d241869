/// The content of a text that resembles JSON but may violate RFC 8259.
///
/// For replies of the provider that cannot be requested again; requests of clients are parsed strictly, with
/// `JSONValue(parsing:)`. Accepts a byte order mark, UTF-16 and UTF-32, ill-formed UTF-8 and unpaired
/// surrogates (each becomes U+FFFD), control characters in strings, comments, missing and surplus commas,
/// single quotes, bare names, a short prefix against script inclusion and anything after it. Numbers that
/// JSON or 64 bits cannot hold become null. A text that ends within its value is rejected: the missing part
/// may be the relevant one.
package struct LenientJSON: Equatable, Sendable {
    /// The first object or array of the text. Duplicate members with different values are all kept.
    package let value: JSONValue
    /// A second object or array after the first, as in newline-delimited JSON.
    package let following: JSONValue?
    /// Whether other text precedes the value, such as a server's warning or an HTML page.
    package let isEmbedded: Bool

    /// Parses a text; returns `nil` if it contains no object or array, or exceeds the limit.
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

    /// The maximum length of a prefix against script inclusion, such as `)]}'` or `while(1);`.
    private static let guardLengthMax = 64
    /// The maximum number of lines tried as the start of a value.
    private static let attemptsMax = 16

    /// Returns the start of the value: immediately or after a prefix. HTML does not count as a prefix.
    private static func start(of bytes: [UInt8]) -> Int? {
        let brackets = [UInt8(ascii: "{"), UInt8(ascii: "[")]
        let prefix = bytes.prefix(guardLengthMax + 1)
        let start = LenientJSONReader.skipBlank(bytes, from: 0)
        guard start < bytes.count else { return nil }
        if brackets.contains(bytes[start]) { return start }
        guard let first = prefix.firstIndex(where: brackets.contains) else { return nil }
        let isGuard = prefix[..<first].allSatisfy { $0 != UInt8(ascii: "<") && $0 != UInt8(ascii: "\"") }
        return isGuard ? first : nil
    }

    /// Returns an object that starts a line and ends the text, as after a warning printed by PHP.
    private static func embedded(in bytes: [UInt8], _ limits: JSONLimits) -> JSONValue? {
        var attempts = 0
        for index in bytes.indices.dropFirst()
        where bytes[index] == UInt8(ascii: "{") && bytes[index - 1] == UInt8(ascii: "\n") {
            attempts += 1
            guard attempts <= attemptsMax else { return nil }
            var reader = LenientJSONReader(bytes, at: index, depthMax: limits.depth)
            if let value = reader.container(), reader.isAtEnd { return value }
        }
        return nil
    }
}

extension LenientJSON {
    /// Returns the text for diagnosis, decoded from any Unicode encoding, without a byte order mark.
    package static func text(of bytes: [UInt8]) -> String {
        String(decoding: UnicodeText.utf8(bytes), as: UTF8.self)
    }
}
