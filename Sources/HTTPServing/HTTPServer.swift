package import Transport

/// The limits of a server (contract, section 2). Times in seconds as `Duration`, sizes in bytes.
package struct HTTPLimits: Equatable, Sendable {
    package var header = 16 * 1024
    package var connections = 10_000
    package var headerTimeout: Duration = .seconds(10)
    package var bodyTimeout: Duration = .seconds(30)
    package var idleTimeout: Duration = .seconds(75)

    package init() {}
}

/// Listens on addresses, one listener per loop and address, and has every request answered by one handler.
package final class HTTPServer: Sendable {
    /// Starts listening. Throws what the operating system said, with the address.
    package static func start(
        at addresses: [SocketAddress], on loops: [EventLoop], limits: HTTPLimits, handler: any HTTPHandler
    ) async throws -> HTTPServer { HTTPServer() }

    /// Where it listens, ports resolved.
    package var addresses: [SocketAddress] { [] }

    /// Stops accepting, lets what is in flight end within the bound, then closes what remains.
    package func drain(within bound: Duration) async {}
}
