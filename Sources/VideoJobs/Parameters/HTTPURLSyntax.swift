/// The syntax of absolute http and https URLs (RFC 3986, RFC 9110 §4.2), as strict as needed before paying.
///
/// `problem(in:)` accepts exactly what `pattern` matches, so that the published schema is the rule.
enum HTTPURLSyntax {
    /// Returns the predicate of an error message, to follow the parameter's name; `nil` if the URL is valid.
    static func problem(in text: String) -> String? {
        let bytes = text.utf8
        guard let start = authorityStart(bytes) else {
            return "must be a URL that begins with http:// or https://"
        }
        guard !text.unicodeScalars.contains(where: isInvisible) else {
            return "must not contain spaces, line breaks or invisible characters; percent-encode them"
        }
        guard !bytes.contains(UInt8(ascii: "\\")) else { return "must not contain a backslash" }
        let authority = bytes[start...].prefix { !"/?#".utf8.contains($0) }
        // RFC 9110 §4.2.4 deprecates user information, and it would disclose a password.
        guard !authority.contains(UInt8(ascii: "@")) else {
            return "must not contain a user name or password"
        }
        return problem(inAuthority: authority)
    }

    /// Returns the index of the authority; `nil` without an http or https scheme.
    private static func authorityStart(_ bytes: String.UTF8View) -> String.Index? {
        for scheme in ["http://", "https://"] {
            let start = bytes.prefix(scheme.utf8.count)
            let isSame = start.elementsEqual(scheme.utf8) { $0 == $1 || $0 | 0x20 == $1 && isLetter($0) }
            if isSame { return start.endIndex }
        }
        return nil
    }

    private static func problem(inAuthority authority: Substring.UTF8View) -> String? {
        let noHost = "must name a host after http:// or https://"
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { return noHost }
            let address = authority[..<end].dropFirst()
            let isAddress =
                address.contains(UInt8(ascii: ":"))
                && address.allSatisfy("0123456789abcdefABCDEF:.".utf8.contains)
            return isAddress ? problem(inPort: authority[authority.index(after: end)...]) : noHost
        }
        let host = authority.prefix { $0 != UInt8(ascii: ":") }
        guard host.allSatisfy(isHostByte), host.contains(where: isNameByte) else { return noHost }
        return problem(inPort: authority[host.endIndex...])
    }

    private static func problem(inPort text: Substring.UTF8View) -> String? {
        guard !text.isEmpty else { return nil }
        let digits = text.dropFirst()
        let isPort = text.first == UInt8(ascii: ":") && digits.allSatisfy { (0x30...0x39).contains($0) }
        guard isPort, let port = Int(Substring(digits)), (1...65535).contains(port) else {
            return "must have a port from 1 to 65535 after the colon"
        }
        return nil
    }

    /// Letters, digits, `.`, `-`, `_`, percent-encoding, and non-ASCII bytes (internationalized names).
    private static func isHostByte(_ byte: UInt8) -> Bool { isNameByte(byte) || "._%-".utf8.contains(byte) }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        isLetter(byte) || (0x30...0x39).contains(byte) || byte >= 0x80
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// Control, space, format, private-use and non-characters of the basic plane. Characters of other planes
    /// have no notation that all regular expression dialects share.
    private static let invisible: [ClosedRange<UInt32>] = [
        0x00...0x20, 0x7F...0xA0, 0xAD...0xAD, 0x600...0x605, 0x61C...0x61C, 0x6DD...0x6DD, 0x70F...0x70F,
        0x890...0x891, 0x8E2...0x8E2, 0x1680...0x1680, 0x180E...0x180E, 0x2000...0x200F, 0x2028...0x202F,
        0x205F...0x206F, 0x3000...0x3000, 0xE000...0xF8FF, 0xFDD0...0xFDEF, 0xFEFF...0xFEFF,
        0xFFF0...0xFFFB, 0xFFFE...0xFFFF,
    ]

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        invisible.contains { $0.contains(scalar.value) }
    }

    /// The same rule as a regular expression for Python and ECMAScript. It avoids `$`, which matches before a
    /// final line break in Python.
    static let pattern: String = {
        let hidden = invisible.map { "\\u\(hex($0.lowerBound))-\\u\(hex($0.upperBound))" }.joined()
        let name = #"[^\u0000-/:-@\[-`{-\u007f"# + hidden + "]"
        let host = "[._%-]*\(name)(?:[._%-]|\(name))*"
        let address = #"\[[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*\]"#
        let port =
            "0*(?:6553[0-5]|655[0-2][0-9]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})"
        let rest = #"[/?#][^\\"# + hidden + "]*"
        return "^[Hh][Tt][Tt][Pp][Ss]?://(?:\(address)|\(host))(?::\(port))?(?:\(rest))?(?![\\s\\S])"
    }()

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }
}
