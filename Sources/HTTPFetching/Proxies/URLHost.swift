/// Extracts the host of a URL.
enum URLHost {
    /// Returns the host, IPv6 in brackets; empty if there is none.
    static func host(of url: String) -> String {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { return "" }
        let authority = url[colon...].dropFirst(3).prefix { !"/?#\\".contains($0) }
        let address =
            authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        if address.hasPrefix("["), let end = address.firstIndex(of: "]") { return String(address[...end]) }
        return String(address.prefix { $0 != ":" })
    }
}
