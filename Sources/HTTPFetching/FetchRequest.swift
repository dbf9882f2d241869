/// One outbound request.
package struct FetchRequest: Sendable {
    package enum Body: Sendable {
        case none
        /// May be sent again by libcurl if a reused connection dies.
        case repeatable([UInt8])
        /// Handed to libcurl once: a second reading is refused (contract, section 6).
        case once([UInt8])
    }

    package var method: String
    /// `http` or `https`; sent as it stands, dots in its path not resolved.
    package var url: String
    /// Beside what libcurl adds itself (Host, Content-Length, User-Agent, Accept).
    package var fields: [(name: String, value: String)]
    package var body: Body
    package var connectTimeout: Duration
    /// For the whole exchange; `nil` for none. Then waiting for a free connection is bounded by
    /// `connectTimeout`.
    package var timeout: Duration?
    /// Fewer bytes a second than 1 for this long ends the transfer. Counted in whole seconds.
    package var stallTimeout: Duration?
    /// The longest answer body that is read, in bytes, decoded.
    package var responseLimit: Int64
    /// A unix-domain socket to connect to instead of the URL's host.
    package var unixSocket: String?
    package var contentCoding: ContentCodingPreference
    /// Checks where the request goes, for a URL that somebody else wrote; `nil` for one of our own.
    package var addressGuard: AddressGuard?

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
    /// Whether a proxy of the environment may carry it: none carries what is for this machine.
    var mayUseProxy: Bool { unixSocket == nil && !LoopbackHost.isHost(ofURL: url) }

    /// Why the guard refuses the URL's host as it is written. A proxy would resolve the name for us, out of
    /// the guard's sight.
    var refusalOfHost: String? {
        guard let addressGuard, let host = WebURL(url)?.origin.host else { return nil }
        let isLocal = host == "localhost" || host.hasSuffix(".localhost")
        return IPAddress(isLocal ? "127.0.0.1" : host).flatMap(addressGuard.refusal)
    }
}

// Fields hold keys and queries hold signatures, so a request prints as its method only.
extension FetchRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "FetchRequest(\(method))" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

/// Which requests can be put on the wire as they are meant.
enum FetchRules {
    /// What is wrong with a request, in words that quote nothing of it; `nil` if nothing is.
    static func fault(in request: FetchRequest) -> String? {
        if !isToken(request.method) { return "the method is no token" }
        if !isURLText(request.url) { return "the URL is empty or holds a space or control character" }
        if request.unixSocket?.utf8.contains(0) == true { return "the socket's path holds a NUL" }
        for field in request.fields {
            guard isToken(field.name) else { return "a field's name is no token" }
            // RFC 9110 §5.5: CR, LF and NUL would end or split the field.
            guard field.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                return "the field \(field.name) holds a control character"
            }
            guard !framing.contains(field.name.lowercased()) else {
                return "the field \(field.name) is libcurl's to write"
            }
        }
        return nil
    }

    /// RFC 9112 §6: two ideas of a message's length are how requests get smuggled.
    private static let framing: Set<String> = ["content-length", "transfer-encoding", "expect", "connection"]

    private static func isURLText(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// RFC 9110 §5.6.2.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains($0)
                }
            }
    }
}
