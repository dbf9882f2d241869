/// A host name with its port, compared as RFC 3986 §6.2.2–3 normalises them.
struct NormalizedAuthority: Equatable, Sendable {
    var name: String
    /// `nil` for the scheme's default.
    var port: String?

    init(name: String, port: String?) {
        // A trailing dot only marks the name as complete.
        self.name = name.hasSuffix(".") ? String(name.dropLast()) : name
        self.port = port == "80" || port == "443" || port == "" ? nil : port
    }

    init(_ text: String) {
        let text = text.lowercased()
        guard let colon = text.lastIndex(of: ":"), text[colon...].utf8.dropFirst().allSatisfy(\.isDigit)
        else {
            self.init(name: text, port: nil)
            return
        }
        self.init(name: String(text[..<colon]), port: String(text[text.index(after: colon)...]))
    }

    /// The authority of an http or https URL; `nil` for any other text.
    init?(ofURL url: String) {
        let url = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
        let rest = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !rest.isEmpty else { return nil }
        self.init(String(rest))
    }

    var text: String { port.map { "\(name):\($0)" } ?? name }

    /// Whether the name is an IP address.
    var isAddress: Bool {
        if name.hasPrefix("[") { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in part.utf8.allSatisfy(\.isDigit) && UInt8(part) != nil }
    }
}

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
