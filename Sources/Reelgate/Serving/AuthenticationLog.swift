import Gateway
import Synchronization
import Transport

/// Logs failed authentications: the first of each peer at once, then at most one per minute and peer.
final class AuthenticationLog: Sendable {
    private let tally = Mutex(FailureTally())
    private let log: StructuredLog
    /// A monotonic clock, in milliseconds.
    private let now: @Sendable () -> Int64

    init(_ log: StructuredLog, now: @escaping @Sendable () -> Int64 = { SystemTime.monotonicMilliseconds }) {
        self.log = log
        self.now = now
    }

    /// Records a request without a valid token. The reason is a text of this program; the token is unknown
    /// here.
    func record(_ reason: String, from peer: String) {
        let host = Self.host(peer)
        guard let unlogged = unlogged(host) else { return }
        log.notice(
            .authenticationFailed, "authentication failed",
            metadata: ["peer": "\(host)", "reason": "\(reason)", "unlogged": .number(unlogged)])
    }

    /// Records a connection to the operator socket by a user who may not use it.
    func record(rejectedUser user: UInt32?) {
        let user = user.map(String.init) ?? "unknown"
        guard let unlogged = unlogged("uid \(user)") else { return }
        log.notice(
            .operatorRejected, "operator socket connection rejected",
            metadata: ["uid": "\(user)", "unlogged": .number(unlogged)])
    }

    private func unlogged(_ origin: String) -> Int? {
        let now = now()
        return tally.withLock { $0.record(origin, at: now) }
    }

    /// The peer without its port, which is arbitrary.
    static func host(_ peer: String) -> String {
        guard let colon = peer.lastIndex(of: ":") else { return peer }
        return String(peer[..<colon])
    }
}
