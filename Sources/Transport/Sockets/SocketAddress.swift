/// An address to listen on or connect to: IPv4, IPv6 or a unix-domain socket path.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case ipv4(host: String, port: UInt16)
    case ipv6(host: String, port: UInt16)
    case unix(path: String)

    /// Parses `127.0.0.1:8031`, `[::1]:8031`, `localhost:8031` (IPv4 loopback) or `unix:/run/reelgate.sock`;
    /// `nil` for anything else.
    package init?(_ text: String) {
        if text.hasPrefix("unix:") {
            self.init(unixPath: String(text.dropFirst("unix:".count)))
        } else if text.hasPrefix("[") {
            self.init(bracketed: text)
        } else {
            self.init(hostAndPort: text)
        }
    }

    private init?(unixPath path: String) {
        // sun_path holds 108 bytes, one of them the final zero.
        guard (1...107).contains(path.utf8.count), !path.utf8.contains(0) else { return nil }
        self = .unix(path: path)
    }

    private init?(bracketed text: String) {
        guard let end = text.lastIndex(of: "]"), text[end...].hasPrefix("]:"),
            let port = Self.port(text[end...].dropFirst(2)),
            let host = RawSocketAddress.canonicalIPv6(String(text[text.index(after: text.startIndex)..<end]))
        else { return nil }
        self = .ipv6(host: host, port: port)
    }

    private init?(hostAndPort text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let port = Self.port(parts[1]) else { return nil }
        let host = parts[0] == "localhost" ? "127.0.0.1" : String(parts[0])
        guard RawSocketAddress.isIPv4(host) else { return nil }
        self = .ipv4(host: host, port: port)
    }

    private static func port(_ digits: Substring) -> UInt16? {
        // `UInt16.init` would also accept a sign.
        digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? UInt16(digits) : nil
    }

    /// Whether only this machine can connect to it.
    package var isLoopback: Bool {
        switch self {
        case .ipv4(let host, _): host.hasPrefix("127.")
        case .ipv6(let host, _): host == "::1" || host.hasPrefix("::ffff:127.")
        case .unix: true
        }
    }

    /// Returns the address with another port; a path is unchanged.
    package func with(port: UInt16) -> SocketAddress {
        switch self {
        case .ipv4(let host, _): .ipv4(host: host, port: port)
        case .ipv6(let host, _): .ipv6(host: host, port: port)
        case .unix: self
        }
    }

    /// The port; `nil` for a path.
    package var port: UInt16? {
        switch self {
        case .ipv4(_, let port), .ipv6(_, let port): port
        case .unix: nil
        }
    }

    /// The text form that `init` parses.
    package var description: String {
        switch self {
        case .ipv4(let host, let port): "\(host):\(port)"
        case .ipv6(let host, let port): "[\(host)]:\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
