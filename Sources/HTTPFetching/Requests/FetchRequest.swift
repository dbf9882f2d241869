/// An outbound request.
package struct FetchRequest: Sendable {
    package enum Body: Sendable {
        case none
        /// libcurl may send it again if a reused connection closes.
        case repeatable([UInt8])
        /// Passed to libcurl once; a second read is refused (contract, section 6).
        case once([UInt8])
    }

    package var method: String
    /// `http` or `https`; sent unchanged, without resolving dot segments.
    package var url: String
    /// Fields in addition to those that libcurl adds (Host, Content-Length, User-Agent, Accept).
    package var fields: [(name: String, value: String)]
    package var body: Body
    package var connectTimeout: Duration
    /// For the whole exchange; `nil` for none, which still limits the wait for a free connection to
    /// `connectTimeout`.
    package var timeout: Duration?
    /// Ends the transfer after this long without a byte, at most half of it later.
    package var stallTimeout: Duration?
    /// The maximum size of the decoded response body in bytes.
    package var responseLimit: Int64
    /// A unix-domain socket to connect to instead of the URL's host.
    package var unixSocket: String?
    package var contentCoding: ContentCodingPreference
    /// Restricts the destination of an untrusted URL; `nil` for trusted URLs.
    package var addressGuard: AddressGuard?
    /// Whether no proxy may be used: behind one the address guard could not see the address.
    package var isDirect = false
    /// The part that the request takes in the current trace; `nil` for none.
    package var trace: FetchTrace?

    package init(_ method: String, _ url: String, body: Body = .none) {
        self.method = method
        self.url = url
        self.fields = []
        self.body = body
        self.connectTimeout = .seconds(10)
        self.timeout = .seconds(60)
        self.responseLimit = 1 << 20
        self.contentCoding = .readable
    }
}

extension FetchRequest {
    /// Whether a proxy of the environment may be used; never for destinations on this machine.
    var mayUseProxy: Bool { !isDirect && unixSocket == nil && !LoopbackHost.isHost(ofURL: url) }

    /// Returns why the guard refuses the URL's host as written. Needed because a proxy would resolve the name
    /// where the guard cannot check it.
    var refusalOfHost: String? {
        guard let addressGuard, let host = WebURL(url)?.origin.host else { return nil }
        let isLocal = host == "localhost" || host.hasSuffix(".localhost")
        return IPAddress(isLocal ? "127.0.0.1" : host).flatMap(addressGuard.refusal)
    }
}

// Fields contain keys and queries contain signatures, so only the method is printed.
extension FetchRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "FetchRequest(\(method))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
