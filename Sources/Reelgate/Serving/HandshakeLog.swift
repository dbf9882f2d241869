import Logging
import Synchronization
import Transport

/// Tells operators why clients do not get in by TLS: at once for each reason, then once a minute at most.
final class HandshakeLog: Sendable {
    private let tally = Mutex(FailureTally())
    private let log: Logger

    init(_ log: Logger) { self.log = log }

    /// Notes a handshake that failed. The reason is one of OpenSSL's, or ours: nothing of it is the client's.
    func note(_ reason: String, from peer: SocketAddress, at place: SocketAddress) {
        let now = SystemTime.monotonicMilliseconds
        guard let more = tally.withLock({ $0.note(reason, at: now) }) else { return }
        let others = more == 0 ? "" : ", and \(more) more since it was last said"
        log.notice("\(place): no TLS with \(Self.name(peer)): \(reason)\(others)")
    }

    /// Without the port, which says nothing.
    private static func name(_ peer: SocketAddress) -> String {
        switch peer {
        case .ipv4(let host, _), .ipv6(let host, _): host
        case .unix: "a local client"
        }
    }
}

/// How often something failed for each reason, and when that is to be said again.
struct FailureTally: Sendable {
    private struct Entry {
        var untold = 0
        var quietUntil: Int64
    }

    private var entries: [String: Entry] = [:]

    /// Reasons that are told apart; all further ones count as one.
    static let reasonsMax = 64
    /// How long a reason that was said is only counted, in milliseconds.
    static let quiet: Int64 = 60_000

    /// Counts a failure. Returns how many were not told of before it, if it is to be said now; `nil` if not.
    mutating func note(_ reason: String, at now: Int64) -> Int? {
        let key = entries[reason] != nil || entries.count < Self.reasonsMax ? reason : ""
        guard var entry = entries[key], now < entry.quietUntil else {
            let untold = entries[key]?.untold ?? 0
            entries[key] = Entry(quietUntil: now + Self.quiet)
            return untold
        }
        entry.untold += 1
        entries[key] = entry
        return nil
    }
}
