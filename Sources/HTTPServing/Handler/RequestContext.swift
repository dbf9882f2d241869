import HTTPWire
package import Tracing

/// The properties of a request that are not part of its message.
package struct RequestContext: Sendable {
    /// The client's `X-Request-Id` if it is 1–128 visible ASCII characters that do not look like a
    /// credential, else a generated one. Part of every response.
    package var requestID: String
    /// The client's address for logs; `unix` on unix-domain sockets.
    package var peer: String
    /// Whether the connection has TLS.
    package var secure: Bool
    /// The name in the client's certificate, verified; `nil` if none was requested.
    package var certifiedName: String?
    /// Whether the client is on this machine.
    package var isLocal = false
    /// The identity that makes the request: what the connection proves, until authentication finds another.
    package var principal = Principal.anonymous
    /// Whether a valid head was received, which a request that the HTTP layer rejects may lack.
    package var hasHead = true
    /// Whether the request came over HTTP/2.
    package var isHTTP2 = false
    /// The span of the request; `nil` unless it is recorded.
    package var span: RequestSpan?

    package init(
        requestID: String, peer: String = "", secure: Bool = false, certifiedName: String? = nil
    ) {
        self.requestID = requestID
        self.peer = peer
        self.secure = secure
        self.certifiedName = certifiedName
    }

    /// Whether the connection uses a unix-domain socket, which no browser can reach.
    package var isLocalSocket: Bool { peer == Self.unixPeer }

    /// The `peer` of every client on a unix-domain socket.
    package static let unixPeer = "unix"

    /// Returns a client's request id if it may be part of a response, a log line and the audit: 1–128 bytes
    /// of visible ASCII that do not look like a credential.
    static func validID(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count), id.isVisibleASCII,
            !CredentialShape.isContained(in: id)
        else { return nil }
        return id
    }
}
