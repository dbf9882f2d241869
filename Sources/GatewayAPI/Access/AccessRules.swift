import GatewayProtocol
package import HTTPServing
package import HTTPWire

/// Rejects requests that a browser page of another origin may have caused.
///
/// Two attacks, and what each must show. DNS rebinding: the page's own host name now resolves to the
/// gateway's address. Its browser always sends that name as `Host`, and cannot reach a unix-domain socket. A
/// cross-origin request: the browser sends `Origin` or `Sec-Fetch-Site`, except for a link that was clicked,
/// which only reads. A request that can be neither is not checked.
package struct AccessRules: Sendable {
    /// The gateway's own authorities, in lower case: `localhost:8031`. A list, because comparing a few short
    /// strings costs less than hashing one.
    private var authorities: [String] = []
    /// The gateway's own origins, whose pages may call.
    private var origins: Set<WebOrigin> = []
    private let tls: BrowserTLS
    /// The gateway's own host names, in lower case. The port does not matter: it may be mapped.
    private var names: Set<String> = ["localhost"]

    /// The paths of health checks, which are not checked.
    private let healthCheckPaths: [String]
    /// The listed origins of other sites, whose pages may call as well; `nil` if there are none.
    let sharing: CrossOriginSharing?

    package init(_ settings: APISettings, healthCheckPaths: [String] = []) {
        self.healthCheckPaths = healthCheckPaths
        sharing = CrossOriginSharing(settings.sharedOrigins)
        tls = BrowserTLS(publicURL: settings.publicURL)
        for address in settings.listen { admit(listening: address) }
        if let authority = NormalizedAuthority(ofURL: settings.publicURL) { admit(authority) }
        if let origin = WebOrigin(ofURL: settings.publicURL) { origins.insert(origin) }
        for host in settings.allowedHosts {
            admit(NormalizedAuthority(host))
            admitPages(of: host)
        }
    }

    /// Throws if the request names another host or comes from a page of another site.
    package func check(_ head: RequestHead, _ context: RequestContext) throws(Problem) {
        if isHealthCheck(head) { return }
        guard context.isLocalSocket || isOwn(head.authority) else {
            throw Problem(
                .hostNotAllowed,
                "the gateway does not accept this Host; add the name to allowed_hosts")
        }
        guard !isCrossSite(head, context) || Self.isTopLevelNavigation(head) else {
            throw Problem(.crossSite, "pages of other sites may not call this gateway")
        }
    }

    /// Whether a load balancer may have sent the request: to a health check's path, or HAProxy's `OPTIONS /`.
    /// The responses hold nothing that a page could use.
    private func isHealthCheck(_ head: RequestHead) -> Bool {
        // A query asks for details.
        if healthCheckPaths.contains(head.path), head.query == nil { return true }
        return head.method == "OPTIONS" && (head.path == "/" || head.path == "*")
            && !head.fields.contains("Origin")
    }

    /// Whether the Host is one of the gateway's own.
    private func isOwn(_ authority: String) -> Bool {
        // Most clients spell it as configured: then nothing is copied.
        if authorities.contains(authority) { return true }
        // Every browser sends HTTP/1.1 with a Host.
        if authority.isEmpty { return true }
        let host = NormalizedAuthority(authority)
        // A browser that sends an address as Host has connected to it: only names can be re-bound.
        return names.contains(host.name) || host.isAddress
    }

    private func isCrossSite(_ head: RequestHead, _ context: RequestContext) -> Bool {
        if let sharing, sharing.allows(head) { return false }
        let pages = head.fields.contains("Origin") ? head.fields.values("Origin") : []
        if !pages.allSatisfy({ isOwn($0, calling: head, context) }) { return true }
        // Fetch Metadata: sent by every current browser; other programs do not send it.
        guard head.fields.contains("Sec-Fetch-Site") else { return false }
        let sites = head.fields.values("Sec-Fetch-Site")
        if sites.contains("cross-site") { return true }
        // Another port of this machine is the same site. An unsafe method then needs the gateway's Origin. It
        // must be a configured one: equality with Host says little where the browser says that they differ.
        let isConfigured = !pages.isEmpty && pages.allSatisfy { isAdmitted($0) }
        return sites.contains("same-site") && !isConfigured && !Self.isSafe(head.method)
    }

    /// RFC 9110 §9.2.1.
    private static func isSafe(_ method: String) -> Bool {
        method == "GET" || method == "HEAD" || method == "OPTIONS"
    }

    /// Whether a user followed a link: the browser shows the response by itself, and the linking site cannot
    /// read it. Frames and embedded media do not count.
    private static func isTopLevelNavigation(_ head: RequestHead) -> Bool {
        head.method == "GET" && head.fields.single("Sec-Fetch-Mode") == "navigate"
            && head.fields.single("Sec-Fetch-Dest") == "document"
    }

    /// Whether a browser says that a page of the gateway sent the request. Only for a request that passed
    /// `check`.
    func isOwnPage(_ head: RequestHead, _ context: RequestContext) -> Bool {
        guard head.fields.contains("Origin") else {
            return head.fields.single("Sec-Fetch-Site") == "same-origin"
        }
        return head.fields.values("Origin").allSatisfy { isOwn($0, calling: head, context) }
    }

    /// Whether a page of another port or a sibling host embeds the response: it cannot read it, but learns
    /// whether it exists, and the length of a video. Only for a request that passed `check`.
    func isEmbedded(_ head: RequestHead) -> Bool {
        head.fields.contains("Sec-Fetch-Site") && head.fields.values("Sec-Fetch-Site").contains("same-site")
            && !Self.isTopLevelNavigation(head)
    }

    /// Whether a page came from the authority that it now calls, or from another one of the gateway.
    private func isOwn(_ origin: String, calling head: RequestHead, _ context: RequestContext) -> Bool {
        guard let page = WebOrigin(origin) else { return false }  // "null" and the like
        // Somebody on the network can send a page without TLS in the gateway's name.
        if page.scheme == .http, tls.isCertain(head, context) { return false }
        if origins.contains(page) { return true }
        // Without TLS here the browser may still have it, with a proxy.
        return WebOrigin.Scheme.allCases.contains { WebOrigin($0, authority: head.authority) == page }
    }

    private func isAdmitted(_ origin: String) -> Bool {
        WebOrigin(origin).map { origins.contains($0) } ?? false
    }

    private mutating func admit(listening address: String) {
        // Clients on a unix-domain socket are not checked.
        guard !address.hasPrefix("unix:") else { return }
        let listening = NormalizedAuthority(address)
        let port = address[(address.lastIndex(of: ":") ?? address.endIndex)...]
        for name in Self.loopback {
            admit(NormalizedAuthority(name: name, port: listening.port))
            admitPages(of: name + port)
        }
        // A wildcard is no authority, and browsers treat 0.0.0.0 as the machine itself.
        if ["0.0.0.0", "[::]"].contains(listening.name) { return }
        admit(listening)
        admitPages(of: address)
    }

    /// Admits the pages of an authority, with and without TLS.
    private mutating func admitPages(of authority: String) {
        for scheme in WebOrigin.Scheme.allCases {
            if let origin = WebOrigin(scheme, authority: authority) { origins.insert(origin) }
        }
    }

    private mutating func admit(_ authority: NormalizedAuthority) {
        if !authorities.contains(authority.text) { authorities.append(authority.text) }
        names.insert(authority.name)
    }

    private static let loopback = ["localhost", "127.0.0.1", "[::1]"]
}
