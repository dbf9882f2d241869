/// A link as found, cleaned and split as the WHATWG URL standard does for `http` and `https`.
///
/// Pure; libcurl parses the host. Works on bytes, because a combining mark would hide a slash in a
/// `Character`.
struct URLReference {
    /// An absolute URL, split into the parts that libcurl parses and the others.
    struct Absolute {
        var scheme: String
        var authority: String
        /// Percent-encoded, with `@`; or empty.
        var userInfo = ""
        var path: String
        var query: String?

        /// The part that libcurl parses.
        var origin: String { "\(scheme)://\(authority)/" }
    }

    private typealias Bytes = ArraySlice<UInt8>

    /// Lowercase; `nil` for a relative reference.
    private let scheme: String?
    /// The part after the scheme's colon, with slashes for backslashes, without query and fragment.
    private let rest: [UInt8]
    /// Percent-encoded.
    private let query: String?

    /// Returns `nil` if the scheme is neither `http` nor `https`, or the link is too long.
    init?(_ link: String) {
        guard link.utf8.count <= WebURL.lengthMax else { return nil }
        let text = Self.cleaned(link)
        let scheme = Self.scheme(of: text)
        guard scheme == nil || scheme == "http" || scheme == "https" else { return nil }
        self.scheme = scheme
        let visible = text.dropFirst(scheme.map { $0.utf8.count + 1 } ?? 0)
            .prefix { $0 != UInt8(ascii: "#") }
        let hierarchy = visible.prefix { $0 != UInt8(ascii: "?") }
        rest = hierarchy.map { $0 == UInt8(ascii: "\\") ? slash : $0 }
        let hasQuery = hierarchy.endIndex < visible.endIndex
        query = hasQuery ? PercentEncodeSet.query.encode(visible[(hierarchy.endIndex + 1)...]) : nil
    }

    static func defaultPort(of scheme: String) -> UInt16 { scheme == "https" ? 443 : 80 }

    /// Resolves the reference against `base`; `nil` without a host.
    func absolute(base: WebURL?) -> Absolute? {
        let hasAuthority = rest.starts(with: [slash, slash])
        // The standard treats `http:path` in a document at an http URL as a relative reference.
        if !hasAuthority, scheme == nil || scheme == base?.origin.scheme {
            return base.map { relative(to: $0) }
        }
        guard let scheme = scheme ?? base?.origin.scheme else { return nil }
        // The standard skips any number of slashes before the authority.
        let hierarchy = rest.drop { $0 == slash }
        let authority = hierarchy.prefix { $0 != slash }
        let at = authority.lastIndex(of: UInt8(ascii: "@"))
        let host = at.map { authority[($0 + 1)...] } ?? authority
        // The zone of a link-local address (RFC 6874) is local to the machine that wrote it; libcurl drops
        // it.
        let hasZone = host.first == UInt8(ascii: "[") && host.contains(UInt8(ascii: "%"))
        guard !host.isEmpty, !hasZone else { return nil }
        let user = at.map { PercentEncodeSet.userInfo.encode(authority[..<$0]) } ?? ""
        return Absolute(
            scheme: scheme, authority: String(decoding: host, as: UTF8.self),
            userInfo: user.isEmpty || user == ":" ? "" : user + "@",
            path: Self.encoded(hierarchy[authority.endIndex...]), query: query)
    }

    /// RFC 3986 §5.2.2, for a base with a path.
    private func relative(to base: WebURL) -> Absolute {
        let authority = "\(base.origin.host):\(base.origin.port)"
        var absolute = Absolute(
            scheme: base.origin.scheme, authority: authority, path: base.path, query: query)
        if rest.isEmpty {
            absolute.query = query ?? base.query
        } else if rest.first == slash {
            absolute.path = Self.encoded(rest[...])
        } else {
            let path = Array(base.path.utf8)
            let folder = path[...(path.lastIndex(of: slash) ?? 0)]
            absolute.path = Self.encoded(folder + rest)
        }
        return absolute
    }

    /// Strips what the standard strips: controls and spaces at the ends, tabs and line ends inside.
    private static func cleaned(_ link: String) -> [UInt8] {
        let bytes = Array(link.utf8)
        guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
            let last = bytes.lastIndex(where: { $0 > 0x20 })
        else { return [] }
        return bytes[first...last].filter { $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
    }

    private static func scheme(of text: [UInt8]) -> String? {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), let first = text.first, isLetter(first),
            text[..<colon].allSatisfy({ isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) })
        else { return nil }
        return String(decoding: text[..<colon], as: UTF8.self).lowercased()
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// Returns a path, percent-encoded where required, without dot segments, plain or encoded.
    private static func encoded(_ path: Bytes) -> String {
        var segments: [Bytes] = []
        let written = path.drop { $0 == slash }.count == path.count ? path : path.dropFirst()
        let parts = written.split(separator: slash, omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch dots(in: part) {
            case 1: if isLast { segments.append([]) }
            case 2:
                _ = segments.popLast()
                if isLast { segments.append([]) }
            default: segments.append(part)
            }
        }
        return "/" + segments.map { PercentEncodeSet.path.encode($0) }.joined(separator: "/")
    }

    /// Returns the number of dots if the segment consists only of dots; a dot may be encoded.
    private static func dots(in segment: Bytes) -> Int? {
        var rest = segment
        var count = 0
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2, rest.first == UInt8(ascii: "2"),
                rest[rest.startIndex + 1] | 0x20 == UInt8(ascii: "e")
            {
                rest = rest.dropFirst(2)
            } else if byte != UInt8(ascii: ".") {
                return nil
            }
            count += 1
        }
        return count
    }
}

private let slash = UInt8(ascii: "/")
