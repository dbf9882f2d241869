/// The origin of a web page as a browser sends it (RFC 6454 §6.2): scheme, host and port.
package struct WebOrigin: Hashable, Sendable {
    /// The scheme of a page that can call.
    enum Scheme: String, CaseIterable {
        case http, https

        var defaultPort: UInt16 { self == .http ? 80 : 443 }
    }

    let scheme: Scheme
    /// In lower case, without a trailing dot.
    let host: String
    let port: UInt16

    /// Reads `http://localhost:8031`. `nil` for `null`, for other schemes, and for a URL with more than an
    /// origin.
    package init?(_ text: String) {
        guard let (scheme, rest) = Self.split(text) else { return nil }
        self.init(scheme, authority: String(rest))
    }

    /// The origin of the pages below a URL.
    init?(ofURL url: String) {
        guard let (scheme, rest) = Self.split(url) else { return nil }
        self.init(scheme, authority: String(rest.prefix { !"/?#".contains($0) }))
    }

    /// Reads `localhost:8031`; without a port it is the scheme's default.
    init?(_ scheme: Scheme, authority: String) {
        guard authority.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let authority = authority.lowercased()
        let hostEnd =
            authority.hasPrefix("[")
            ? authority.firstIndex(of: "]").map { authority.index(after: $0) }
            : authority.firstIndex(of: ":") ?? authority.endIndex
        guard let hostEnd, let host = Self.host(authority[..<hostEnd]),
            let port = Self.port(authority[hostEnd...], scheme)
        else { return nil }
        self.scheme = scheme
        self.host = host
        self.port = port
    }

    /// The origin as browsers spell it.
    package var text: String {
        "\(scheme.rawValue)://\(host)" + (port == scheme.defaultPort ? "" : ":\(port)")
    }

    private static func split(_ text: String) -> (Scheme, Substring)? {
        for scheme in Scheme.allCases {
            let start = scheme.rawValue + "://"
            if text.prefix(start.count).lowercased() == start { return (scheme, text.dropFirst(start.count)) }
        }
        return nil
    }

    private static func host(_ text: Substring) -> String? {
        if text.hasPrefix("[") {
            let digits = text.dropFirst().dropLast()
            guard digits.contains(":"), digits.allSatisfy({ $0.isHexDigit || ":.".contains($0) }) else {
                return nil
            }
            return String(text)
        }
        // A trailing dot only marks the name as complete.
        let name = text.hasSuffix(".") ? text.dropLast() : text
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-._".contains($0) }) else {
            return nil
        }
        return String(name)
    }

    /// - Parameter text: empty, or a colon and digits.
    private static func port(_ text: Substring, _ scheme: Scheme) -> UInt16? {
        if text.isEmpty { return scheme.defaultPort }
        let digits = text.dropFirst()
        return digits.allSatisfy(\.isNumber) && text.hasPrefix(":") ? UInt16(digits) : nil
    }
}
