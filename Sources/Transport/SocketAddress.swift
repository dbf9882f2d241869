/// Where to listen or connect: IPv4, IPv6 or a unix-domain path.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case ipv4(host: String, port: UInt16)
    case ipv6(host: String, port: UInt16)
    case unix(path: String)

    /// Reads `127.0.0.1:8031`, `[::1]:8031`, `localhost:8031` (loopback, IPv4), `unix:/run/reelgate.sock`; `nil` if it is none of them.
    package init?(_ text: String) { return nil }

    package var isLoopback: Bool { false }

    package var description: String { "" }
}

/// A system call that failed.
package struct SystemFailure: Error, Equatable, Sendable {
    package var call: String
    package var code: CInt

    package init(_ call: StaticString, _ code: CInt) {
        self.call = "\(call)"
        self.code = code
    }
}
