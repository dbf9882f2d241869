import HTTPServing
import HTTPWire

/// Whether a browser has TLS, which a proxy in front of the gateway may end.
struct BrowserTLS: Sendable {
    /// The host of a `public_url` with https.
    private let proxied: NormalizedAuthority?

    init(publicURL: String) {
        let isSecure = WebOrigin(ofURL: publicURL)?.scheme == .https
        proxied = isSecure ? NormalizedAuthority(ofURL: publicURL) : nil
    }

    /// Whether the public URL has https.
    var isConfigured: Bool { proxied != nil }

    /// Whether a request's browser surely has TLS. A proxy's further hosts are not known.
    func isCertain(_ head: RequestHead, _ context: RequestContext) -> Bool {
        if context.secure { return true }
        guard let proxied else { return false }
        return NormalizedAuthority(head.authority) == proxied
    }
}
