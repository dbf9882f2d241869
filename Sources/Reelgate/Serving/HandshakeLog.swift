import Gateway
import Synchronization
import Transport

/// Logs failed TLS handshakes: at once for each new reason, then at most once per minute.
final class HandshakeLog: Sendable {
    private let tally = Mutex(FailureTally())
    private let log: StructuredLog

    init(_ log: StructuredLog) { self.log = log }

    /// Records a failed handshake. The reason comes from OpenSSL or this program, never from the client.
    func record(_ reason: String, from peer: SocketAddress, at address: SocketAddress) {
        let now = SystemTime.monotonicMilliseconds
        guard let unlogged = tally.withLock({ $0.record(reason, at: now) }) else { return }
        log.notice(
            .handshakeFailed, "TLS handshake failed",
            metadata: [
                "address": "\(address)", "peer": "\(Self.name(peer))", "reason": "\(reason)",
                "unlogged": .number(unlogged),
            ])
    }

    /// Without the port, which is arbitrary.
    private static func name(_ peer: SocketAddress) -> String {
        switch peer {
        case .ipv4(let host, _), .ipv6(let host, _): host
        case .unix: "a local client"
        }
    }
}
