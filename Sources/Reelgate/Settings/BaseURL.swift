/// An `http` or `https` URL to which paths are appended: without user, query, fragment and trailing slash.
struct BaseURL: Equatable, Sendable {
    let text: String
    private let scheme: String
    /// Without a port; IPv6 in brackets.
    private let host: String

    init?(_ text: String) {
        guard let colon = text.firstRange(of: "://") else { return nil }
        scheme = text[..<colon.lowerBound].lowercased()
        let rest = text[colon.upperBound...]
        guard scheme == "http" || scheme == "https" else { return nil }
        guard rest.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        guard !rest.contains(where: { "@?#\"<>\\^`{|}".contains($0) }) else { return nil }

        let authority = rest.prefix { $0 != "/" }
        guard let host = Self.host(of: authority) else { return nil }
        self.host = host
        var trimmed = text[...]
        while trimmed.hasSuffix("/") { trimmed = trimmed.dropLast() }
        self.text = String(trimmed)
    }

    /// The host in the form that `no_proxy` uses: without port and brackets.
    var hostName: String { host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host }

    /// Whether a secret sent there could be read in transit.
    var isExposed: Bool {
        let isLoopback = host == "localhost" || host == "[::1]" || host.hasPrefix("127.")
        return scheme == "http" && !isLoopback
    }

    /// Returns the host of `host` or `host:port`; `nil` if malformed.
    private static func host(of authority: Substring) -> String? {
        let bracket = authority.lastIndex(of: "]")
        let tail = bracket.map { authority[authority.index(after: $0)...] } ?? authority
        let colon = tail.firstIndex(of: ":")
        let host = authority[..<(colon ?? authority.endIndex)]
        guard !host.isEmpty, host.hasPrefix("[") == (bracket != nil) else { return nil }
        guard let colon else { return String(host).lowercased() }
        guard let port = UInt16(authority[authority.index(after: colon)...]), port > 0 else { return nil }
        return String(host).lowercased()
    }
}
