package import HTTPServing
package import HTTPWire

/// Rejects what a browser page of another origin may send (contract, section 7).
///
/// Two attacks, and what each must show. DNS rebinding: the page's own host name now leads to our address.
/// Its browser always sends that name as `Host`, and cannot reach a unix-domain socket. A call across
/// origins: the browser sends `Origin` or `Sec-Fetch-Site`, except for a link that was clicked, which only
/// reads. A request that can be neither is not checked.
package struct AccessRules: Equatable, Sendable {
    /// Authorities of ours, in lower case: `localhost:8031`. Pages of these may call.
    private var authorities: Set<String> = []
    /// Host names of ours, in lower case. The port does not matter: it may be mapped.
    private var names: Set<String> = ["localhost"]

    package init(_ settings: APISettings) {
        for address in settings.listen { admit(listening: address) }
        if let authority = Authority(ofURL: settings.publicURL) { admit(authority) }
        for host in settings.allowedHosts { admit(Authority(host)) }
    }

    /// Throws the refusal of a request that is not for us or not from a page of ours.
    package func check(_ head: RequestHead, _ context: RequestContext) throws(Problem) {
        if Self.isHealthCheck(head) { return }
        guard context.isLocalSocket || isOurs(head.authority) else {
            throw Problem(
                403, "host_not_allowed",
                "this gateway does not answer to the Host it was called by; add it to allowed_hosts")
        }
        guard !isCrossSite(head) || Self.isTopLevelNavigation(head) else {
            throw Problem(403, "cross_site", "pages of other sites may not call this gateway")
        }
    }

    /// What load balancers ask: the probes' own paths, and HAProxy's `OPTIONS /`. The answers hold nothing
    /// that a page could use.
    private static func isHealthCheck(_ head: RequestHead) -> Bool {
        if head.path == "/healthz" || head.path == "/readyz" { return true }
        return head.method == "OPTIONS" && (head.path == "/" || head.path == "*")
            && !head.fields.contains("Origin")
    }

    /// Whether the Host is no foreign name.
    private func isOurs(_ authority: String) -> Bool {
        // Most callers write it as we do: then nothing is copied.
        if authorities.contains(authority) { return true }
        // Every browser sends HTTP/1.1 with a Host.
        if authority.isEmpty { return true }
        let name = Authority(authority).name
        return names.contains(name) || Self.isAddress(name)
    }

    /// Whether this is an IP address and no name. A browser that sends it as Host has connected to it: names
    /// alone can be re-bound.
    private static func isAddress(_ name: String) -> Bool {
        if name.hasPrefix("[") { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                part.utf8.allSatisfy(\.isDigit) && UInt8(part) != nil
            }
    }

    private func isCrossSite(_ head: RequestHead) -> Bool {
        let fields = head.fields
        let hasOrigin = fields.contains("Origin")
        if hasOrigin, !fields.values("Origin").allSatisfy({ isOwn($0, calling: head.authority) }) {
            return true
        }
        // Fetch Metadata: sent by every current browser; other programs do not send it.
        guard fields.contains("Sec-Fetch-Site") else { return false }
        let sites = fields.values("Sec-Fetch-Site")
        if sites.contains("cross-site") { return true }
        // Another port of this machine is the same site. With an effect such a request needs our Origin.
        return sites.contains("same-site") && !hasOrigin && !Self.isSafe(head.method)
    }

    /// RFC 9110 §9.2.1.
    private static func isSafe(_ method: String) -> Bool {
        method == "GET" || method == "HEAD" || method == "OPTIONS"
    }

    /// Whether somebody followed a link: the answer is shown by itself, and its site cannot read it. Frames
    /// and embedded media are something else.
    private static func isTopLevelNavigation(_ head: RequestHead) -> Bool {
        head.method == "GET" && head.fields.single("Sec-Fetch-Mode") == "navigate"
            && head.fields.single("Sec-Fetch-Dest") == "document"
    }

    /// Whether a page came from the authority that it now calls, or from an address of the gateway.
    private func isOwn(_ origin: String, calling authority: String) -> Bool {
        guard let page = Authority(ofURL: origin) else { return false }  // "null" and the like
        return page == Authority(authority) || authorities.contains(page.text)
    }

    private mutating func admit(listening address: String) {
        // Callers on a unix-domain socket are not checked.
        guard !address.hasPrefix("unix:") else { return }
        let listening = Authority(address)
        for name in Self.loopback { admit(Authority(name: name, port: listening.port)) }
        // A wildcard is no authority of ours, and browsers take 0.0.0.0 for the machine itself.
        if !["0.0.0.0", "[::]"].contains(listening.name) { admit(listening) }
    }

    private mutating func admit(_ authority: Authority) {
        authorities.insert(authority.text)
        names.insert(authority.name)
    }

    private static let loopback = ["localhost", "127.0.0.1", "[::1]"]
}

/// A host name with its port, compared as RFC 3986 §6.2.2–3 normalises them.
private struct Authority: Equatable {
    var name: String
    /// `nil` for the scheme's default.
    var port: String?

    init(name: String, port: String?) {
        // A trailing dot says only that the name is complete.
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

extension UInt8 {
    fileprivate var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
