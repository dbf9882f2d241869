package import TLS
package import Transport

/// An address to listen on, with or without TLS.
package struct ListenEndpoint: Sendable {
    package var address: SocketAddress
    /// The server's certificates; `nil` for a port without TLS.
    package var identity: TLSIdentity?
    /// Called with the reason of a failed handshake and the client's address, on the connection's loop.
    package var onFailedHandshake: (@Sendable (_ reason: String, _ peer: SocketAddress) -> Void)?
    /// An inherited listening socket; `nil` to create one.
    package let passed: InheritedSocket?
    /// The rules of an operator socket; `nil` for an endpoint of clients.
    package let operatorSocket: OperatorSocket?

    package init(_ address: SocketAddress, identity: TLSIdentity? = nil) {
        self.address = address
        self.identity = identity
        passed = nil
        operatorSocket = nil
    }

    /// An operator socket.
    package init(_ operatorSocket: OperatorSocket, path: String) {
        address = .unix(path: path)
        passed = nil
        self.operatorSocket = operatorSocket
    }

    /// The address of an inherited listening socket (systemd socket activation).
    package init(_ socket: InheritedSocket, identity: TLSIdentity? = nil) {
        address = socket.address
        self.identity = identity
        passed = socket
        operatorSocket = nil
    }
}
