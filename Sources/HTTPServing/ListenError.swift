package import Transport

/// The failure to listen on an address.
package struct ListenError: Error, Equatable, Sendable, CustomStringConvertible {
    package let address: SocketAddress
    package let failure: SystemError

    /// For example `cannot listen on 127.0.0.1:8031: bind: Address already in use (98)`.
    package var description: String { "cannot listen on \(address): \(failure)" }
}
