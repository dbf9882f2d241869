package import HTTPWire

/// Which requests a browser page of another origin cannot forge (contract, section 7).
///
/// The Host must be one of ours, so that a name re-bound to a loopback address reaches nothing; and what a
/// browser says about where a request comes from must not name another site.
package struct AccessRules: Equatable, Sendable {
    /// Whole authorities, in lower case: `localhost:8031`.
    private var authorities: Set<String> = []
    /// Names that hold with any port, in lower case.
    private var names: Set<String> = []

    package init(_ settings: APISettings) {
        for address in settings.listen { admit(listening: address) }
        if let authority = Authority(ofURL: settings.publicURL) { admit(authority) }
        for host in settings.allowedHosts {
            let authority = Authority(host)
            if authority.port == nil { names.insert(authority.name) } else { admit(authority) }
        }
    }

    /// Throws the refusal of a request that is not for us or not from a page of ours.
    package func check(_ head: RequestHead) throws(Problem) {
        guard isOurs(head.authority) else {
            throw Problem(
                403, "host_not_allowed",
                "this gateway does not answer to the Host it was called by; add it to allowed_hosts")
        }
        // Fetch Metadata: sent by every current browser; other programs do not send it.
        if let site = head.fields["Sec-Fetch-Site"], site == "cross-site" { throw Self.crossSite }
        if let origin = head.fields["Origin"], !isOwn(origin, askedAt: head.authority) {
            throw Self.crossSite
        }
    }

    private static let crossSite = Problem(
        403, "cross_site", "pages of other sites may not call this gateway")

    private func isOurs(_ authority: String) -> Bool {
        // Most callers write it as we do: then nothing is copied.
        if authorities.contains(authority) { return true }
        let parsed = Authority(authority)
        return names.contains(parsed.name) || authorities.contains(parsed.text)
    }

    /// Whether a page came from the authority that it now calls, or from the public address of the gateway.
    private func isOwn(_ origin: String, askedAt authority: String) -> Bool {
        guard let page = Authority(ofURL: origin) else { return false }  // "null" and the like
        return page == Authority(authority) || authorities.contains(page.text)
    }

    private mutating func admit(listening address: String) {
        guard !address.hasPrefix("unix:") else {
            // No browser reaches a unix-domain socket; tools call it localhost.
            names.insert("localhost")
            return
        }
        let listening = Authority(address)
        guard listening.port != "0" else {
            names.formUnion(Self.loopback + [listening.name])
            return
        }
        // A wildcard is no name of ours, and browsers take 0.0.0.0 for the machine itself.
        if !["0.0.0.0", "[::]"].contains(listening.name) { admit(listening) }
        for name in Self.loopback { admit(Authority(name: name, port: listening.port)) }
    }

    private mutating func admit(_ authority: Authority) { authorities.insert(authority.text) }

    private static let loopback = ["localhost", "127.0.0.1", "[::1]"]
}

/// A host name with its port, compared as RFC 3986 §6.2.2–3 normalises them.
private struct Authority: Equatable {
    var name: String
    /// `nil` for the scheme's default.
    var port: String?

    init(name: String, port: String?) {
        self.name = name
        self.port = port == "80" || port == "443" || port == "" ? nil : port
    }

    init(_ text: String) {
        let text = text.lowercased()
        guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("]") else {
            self.init(name: text, port: nil)
            return
        }
        self.init(name: String(text[..<colon]), port: String(text[text.index(after: colon)...]))
    }

    /// Of an http or https URL; `nil` if it is none.
    init?(ofURL url: String) {
        let url = url.lowercased()
        guard let scheme = ["http://", "https://"].first(where: url.hasPrefix) else { return nil }
        let rest = url.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        guard !rest.isEmpty else { return nil }
        self.init(String(rest))
    }

    var text: String { port.map { "\(name):\($0)" } ?? name }
}
