import Synchronization
import VideoJobs

/// The sessions of browsers, in memory for authentication and in the store for good: the only writer of their
/// records.
///
/// A session has no rights of its own: each request is judged by the token that the session was opened with,
/// so revocations, rotations and changes of a client hold at once.
package final class SessionRegistry: Sendable {
    /// How long a session lasts.
    package static let lifetime = Duration.seconds(12 * 3600)
    /// Sessions of one client; one more ends the oldest.
    package static let clientSessionsMax = 32
    /// Sessions in all; one more ends the oldest.
    package static let sessionsMax = 10_000

    private let ports: GatewayPorts
    private let clients: ClientRegistry
    private let health: StoreHealth
    private let sessions = Mutex<[TokenDigest: Session]>([:])

    init(ports: GatewayPorts, clients: ClientRegistry, health: StoreHealth) {
        self.ports = ports
        self.clients = clients
        self.health = health
    }

    /// Reads all sessions; called before the first request is handled.
    func load() async throws(StoreError) {
        let stored = try await ports.sessions.sessions()
        sessions.withLock { sessions in for session in stored { sessions[session.digest] = session } }
    }

    /// Returns the caller that a session stands for; `nil` if it is unknown or has ended.
    package func caller(with digest: TokenDigest) -> Caller? {
        let now = ports.clock.now()
        guard let session = sessions.withLock({ $0[digest] }), now < session.expires else { return nil }
        return clients.caller(with: session.token)
    }

    /// Opens a session for a valid token. Returns `nil` if the token is invalid.
    ///
    /// - Parameter replaced: the session that the browser had until now; it ends.
    package func open(
        token: TokenDigest, replacing replaced: TokenDigest?, digest: (SessionSecret) -> TokenDigest
    ) async throws(StoreError) -> OpenedSession? {
        guard let caller = clients.caller(with: token) else { return nil }
        let secret = SessionSecret(random: (ports.random(), ports.random(), ports.random(), ports.random()))
        let now = ports.clock.now()
        let session = Session(
            digest: digest(secret), client: caller.client, token: token, created: now,
            expires: now + Self.lifetime)
        // Entered before it is durable, so that concurrent calls count it. Nobody has the secret yet.
        let ended = sessions.withLock { sessions in
            let ended = self.ended(by: session, replacing: replaced, in: sessions)
            for session in ended { sessions[session.digest] = nil }
            sessions[session.digest] = session
            return ended
        }
        do {
            try await health.recordingFailures { () throws(StoreError) in
                try await ports.sessions.insertSession(session, deleting: ended.map(\.digest))
            }
        } catch {
            sessions.withLock { sessions in
                sessions[session.digest] = nil
                for session in ended { sessions[session.digest] = session }
            }
            throw error
        }
        if !ended.isEmpty { clients.policy.advance() }
        return OpenedSession(session: session, secret: secret)
    }

    /// Ends a session. Returns whether there was one.
    @discardableResult
    package func close(_ digest: TokenDigest) async throws(StoreError) -> Bool {
        guard sessions.withLock({ $0.removeValue(forKey: digest) }) != nil else { return false }
        clients.policy.advance()
        try await health.recordingFailures { () throws(StoreError) in
            try await ports.sessions.deleteSession(digest)
        }
        return true
    }

    /// Returns the sessions that end when another one begins: those that are over, the replaced one, and the
    /// oldest ones beyond the limits.
    private func ended(
        by new: Session, replacing replaced: TokenDigest?, in sessions: [TokenDigest: Session]
    ) -> [Session] {
        var ended: [Session] = []
        var kept: [Session] = []
        for session in sessions.values {
            let isOver = session.expires <= new.created || session.digest == replaced
            if isOver || clients.caller(with: session.token) == nil {
                ended.append(session)
            } else {
                kept.append(session)
            }
        }
        kept.sort { $0.created < $1.created }
        let own = kept.filter { $0.client == new.client }
        if own.count >= Self.clientSessionsMax {
            ended += own.prefix(own.count - Self.clientSessionsMax + 1)
        } else if kept.count >= Self.sessionsMax {
            ended += kept.prefix(kept.count - Self.sessionsMax + 1)
        }
        return ended
    }
}
