import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire

/// Reads and writes the cookie of a session (RFC 6265).
///
/// Cookies are shared by all ports of a host name, and other hosts of the same domain can set them. So over
/// TLS the name begins with `__Host-`, which only this host can set and only over TLS, and no other cookie is
/// accepted there.
struct SessionCookies: Sendable {
    /// The session that a request names.
    enum Reading: Equatable {
        case none
        /// Two different values: one of them was set by somebody else.
        case ambiguous
        case secret(String)
    }

    static let name = "reelgate_session"
    static let secureName = "__Host-" + name

    private let tls: BrowserTLS

    init(publicURL: String) { tls = BrowserTLS(publicURL: publicURL) }

    /// Returns the session that a request names, whether there is one or not.
    func read(_ head: RequestHead, _ context: RequestContext) -> Reading {
        guard head.fields.contains("Cookie") else { return .none }
        let start = Array("\(name(head, context))=".utf8)
        var found: [UInt8]?
        // HTTP/2 may send several fields (RFC 9113 §8.2.3).
        for field in head.fields.values("Cookie") {
            for pair in field.utf8.split(separator: UInt8(ascii: ";")) {
                let pair = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
                guard pair.starts(with: start) else { continue }
                let value = Array(pair.dropFirst(start.count))
                if let found, found != value { return .ambiguous }
                found = value
            }
        }
        return found.map { .secret(String(decoding: $0, as: UTF8.self)) } ?? .none
    }

    /// Returns the value of `Set-Cookie` that gives a browser its session.
    func opening(_ secret: SessionSecret, _ head: RequestHead, _ context: RequestContext) -> String {
        let seconds = SessionRegistry.lifetime.components.seconds
        return "\(name(head, context))=\(secret.text); Max-Age=\(seconds)" + attributes(head, context)
    }

    /// Returns the value of `Set-Cookie` that deletes the cookie.
    func closing(_ head: RequestHead, _ context: RequestContext) -> String {
        "\(name(head, context))=; Max-Age=0" + attributes(head, context)
    }

    /// The cookie's name for requests of the public URL.
    var configuredName: String { tls.isConfigured ? Self.secureName : Self.name }

    private func name(_ head: RequestHead, _ context: RequestContext) -> String {
        tls.isCertain(head, context) ? Self.secureName : Self.name
    }

    private func attributes(_ head: RequestHead, _ context: RequestContext) -> String {
        // A proxy may have TLS for a further host of `allowed_hosts`, as the page's origin then shows.
        let page = head.fields.single("Origin").flatMap { WebOrigin($0) }
        let isSecure = tls.isCertain(head, context) || page?.scheme == .https
        return "; Path=/; HttpOnly; SameSite=Lax" + (isSecure ? "; Secure" : "")
    }
}
