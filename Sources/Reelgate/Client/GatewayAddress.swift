import HTTPFetching

/// Where a gateway listens: a URL, or a Unix-domain socket.
enum GatewayAddress: Equatable, Sendable, CustomStringConvertible {
    case url(BaseURL)
    case socket(path: String)

    private static let socketPrefix = "unix:"
    /// The longest path of a socket, in bytes (`sun_path`).
    private static let socketPathMax = 107

    init?(_ text: String) {
        if text.hasPrefix(Self.socketPrefix) {
            let path = String(text.dropFirst(Self.socketPrefix.count))
            guard (1...Self.socketPathMax).contains(path.utf8.count), !path.utf8.contains(0) else {
                return nil
            }
            self = .socket(path: path)
        } else {
            guard let base = BaseURL(text) else { return nil }
            self = .url(base)
        }
    }

    var description: String {
        switch self {
        case .url(let base): base.text
        case .socket(let path): Self.socketPrefix + path
        }
    }

    /// The proxy through which requests go; `nil` for none.
    var proxy: OutboundProxy? {
        switch self {
        case .url(let base): OutboundProxy.used(forURL: base.text)
        case .socket: nil
        }
    }

    /// Returns a request whose whole exchange ends within a time limit.
    func request(_ method: String, _ path: String, within limit: Duration) -> FetchRequest {
        var request: FetchRequest
        switch self {
        case .url(let base):
            request = FetchRequest(method, base.text + path)
        case .socket(let socket):
            request = FetchRequest(method, "http://localhost" + path)
            request.unixSocket = socket
        }
        request.connectTimeout = limit
        request.timeout = limit
        return request
    }
}
