internal import HTTP2Wire
internal import HTTPWire
internal import Synchronization
internal import Transport

/// Counts connections over all loops.
final class ConnectionLimiter: Sendable {
    private let limit: Int
    private let count = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Counts one in, unless that is one too many.
    func enter() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() { count.subtract(1, ordering: .relaxed) }
}

/// How well a connection can be spared when another finds no room: the least is the first to go.
struct EvictionPriority: Comparable, Sendable {
    /// What would be lost with it.
    enum Loss: Int, Sendable {
        /// It never asked anything, or says goodbye.
        case nothing
        /// It was answered before, and waits for its client to ask again.
        case keptConnection
        /// The part of a head, or of a handshake, that has come.
        case head
        /// The part of a body that has come.
        case body
    }

    let loss: Loss
    /// Since when it has waited for its client, on the reactor's clock in nanoseconds.
    let since: UInt64

    static func < (one: EvictionPriority, other: EvictionPriority) -> Bool {
        (one.loss.rawValue, one.since) < (other.loss.rawValue, other.since)
    }
}

/// Chooses which connections give way to new ones: of those that only wait for their clients the ones that
/// have waited longest, so that who holds many connections and does nothing keeps nobody out.
///
/// Looks at all connections only once for many choices: with ten thousand that takes a millisecond.
struct IdleEviction {
    private var candidates: [(id: ObjectIdentifier, rank: EvictionPriority)] = []
    private var looksAgainAt: UInt64 = 0

    private static let candidatesMax = 256
    /// How long it does not look again after it found none, in nanoseconds.
    private static let pause: UInt64 = 50_000_000

    /// The next to go, from `connections`; `nil` if none can be spared.
    mutating func next(
        of connections: [ObjectIdentifier: any ServedConnection], at now: UInt64
    ) -> (any ServedConnection)? {
        if let next = takeCandidate(of: connections) { return next }
        guard now >= looksAgainAt else { return nil }
        let all = connections.compactMap { id, connection in connection.evictionPriority.map { (id, $0) } }
            .sorted { $0.1 < $1.1 }
        // Of one kind only: until these are gone there will be more of it. The first to go comes last.
        candidates = all.prefix(Self.candidatesMax).prefix { $0.1.loss == all[0].1.loss }.reversed()
        if candidates.isEmpty { looksAgainAt = now + Self.pause }
        return takeCandidate(of: connections)
    }

    private mutating func takeCandidate(
        of connections: [ObjectIdentifier: any ServedConnection]
    ) -> (any ServedConnection)? {
        while let (id, rank) = candidates.popLast() {
            // One that has done something since then is no longer the one to go.
            if let connection = connections[id], connection.evictionPriority == rank { return connection }
        }
        return nil
    }
}

extension HTTP1Connection {
    var evictionPriority: EvictionPriority? {
        guard isAdmitted, let due = deadline?.due else { return nil }
        return switch wait {
        case .firstByte:
            // No request, no name of one.
            EvictionPriority(
                loss: exchange.requestID.isEmpty ? .nothing : .keptConnection,
                since: due &- server.times.idle)
        case .lingering: EvictionPriority(loss: .nothing, since: lingeringSince)
        case .head: EvictionPriority(loss: .head, since: due &- server.times.header)
        case .body: EvictionPriority(loss: .body, since: due &- server.times.body)
        case .answer, .sending: nil
        }
    }

    /// Who has sent a part of a request is told why.
    func evict() {
        closeIfIdle()
        guard wait == .head || wait == .body || wait == .lingering else { return }
        if wait != .lingering { rejectOverLimit() }
        close()
    }
}

extension HTTP2Connection {
    var evictionPriority: EvictionPriority? {
        guard isAdmitted else { return nil }
        return switch phase {
        case .open: session.owesAnswers ? nil : times.evictionPriority
        case .lingering: EvictionPriority(loss: .nothing, since: times.lingeringSince ?? 0)
        case .closed: nil
        }
    }

    func evict() {
        session.terminate(.none)
        flush()
        close()
    }
}
