import Synchronization
import VideoJobs

/// The clients, in memory for authentication and in the store for good: the only writer of their records.
///
/// A change is in force, also on open connections, when the call that makes it returns.
package final class ClientRegistry: Sendable {
    /// A token and the caller that it belongs to. A class, because each request looks one up.
    private final class KnownToken: Sendable {
        let token: IssuedToken
        let caller: Caller

        init(_ token: IssuedToken, of caller: Caller) { (self.token, self.caller) = (token, caller) }
    }

    private struct Index {
        var clients: [String: Client] = [:]
        /// By the index of their digests.
        var tokens: [UInt64: [KnownToken]] = [:]

        mutating func insert(_ client: Client) {
            // Two changes may return in another order than they were stored in.
            if let known = clients[client.name], known.version >= client.version { return }
            remove(tokensOf: clients[client.name])
            clients[client.name] = client
            let caller = Caller(
                client: client.name, isOperator: client.role == .operator,
                requestsPerMinute: client.limits.requestsPerMinute)
            for token in client.tokens {
                tokens[token.digest.index, default: []].append(KnownToken(token, of: caller))
            }
        }

        private mutating func remove(tokensOf client: Client?) {
            for token in client?.tokens ?? [] {
                tokens[token.digest.index]?.removeAll { $0.token.digest == token.digest }
                if tokens[token.digest.index]?.isEmpty == true { tokens[token.digest.index] = nil }
            }
        }
    }

    /// Clients in all.
    package static let clientsMax = 10_000

    /// Advances with each change of a client, and with the end of a session.
    package let policy = PolicyEpoch()
    private let ports: GatewayPorts
    private let health: StoreHealth
    private let index = Mutex(Index())
    private let requests = RequestLimiter()
    private let observer = Mutex<@Sendable (_ name: String) -> Void>({ _ in })

    init(ports: GatewayPorts, health: StoreHealth) {
        self.ports = ports
        self.health = health
    }

    /// Reads all clients; called before the first request is handled.
    package func load() async throws(StoreError) {
        let clients = try await ports.clients.clients()
        index.withLock { index in for client in clients { index.insert(client) } }
        let observer = observer.withLock(\.self)
        for client in clients { observer(client.name) }
    }

    /// Reports the names of clients that were added or changed, before the call that changes them returns.
    func observeChanges(_ observer: @escaping @Sendable (_ name: String) -> Void) {
        self.observer.withLock { $0 = observer }
    }

    /// Returns the caller that a token belongs to; `nil` if it is unknown, revoked or expired.
    package func caller(with digest: TokenDigest) -> Caller? {
        let found = index.withLock { index in
            index.tokens[digest.index]?.first { $0.token.digest == digest }
        }
        // Most tokens do not expire, and then the time does not matter.
        guard let found, found.token.expires == nil || found.token.isValid(at: ports.clock.now()) else {
            return nil
        }
        return found.caller
    }

    /// Takes one request from the caller's quota. Returns what is left; `nil` for a caller without a limit.
    package func consumeRequest(of caller: Caller) -> RequestQuota? {
        caller.requestsPerMinute.map {
            requests.consume(caller.client, limit: $0, at: ports.clock.monotonic())
        }
    }

    /// Returns a client.
    package func client(_ name: String) -> Client? { index.withLock { $0.clients[name] } }

    /// All clients, by name.
    package var clients: [Client] { index.withLock { $0.clients.values.sorted { $0.name < $1.name } } }

    /// Adds a client and returns it with its token, which is shown once.
    ///
    /// - Parameter configure: Sets what the client may do and use.
    package func add(
        _ name: String, for caller: Caller, _ configure: (inout Client) -> Void,
        digest: @Sendable (ClientToken) -> TokenDigest
    ) async throws(ClientError) -> (Client, ClientToken) {
        guard index.withLock({ $0.clients.count }) < Self.clientsMax else { throw .tooMany }
        let token = makeToken()
        let now = ports.clock.now()
        var client = Client(name: name, created: now)
        configure(&client)
        client.rotate(to: digest(token), at: now, overlap: .zero)
        let new = client
        return (
            try await change(name, AuditRecord(.clientAdd, by: caller, at: now)) {
                known throws(ClientError) in
                if known != nil { throw .exists(name) }
                return new
            }, token
        )
    }

    /// Changes what a client may do and use, but not its tokens.
    package func update(
        _ name: String, for caller: Caller, _ update: @escaping @Sendable (inout Client) -> Void
    ) async throws(ClientError) -> Client {
        try await self.update(
            name, AuditRecord(.clientSet, by: caller, at: ports.clock.now()), update)
    }

    private func update(
        _ name: String, _ audit: AuditRecord, _ update: @escaping @Sendable (inout Client) -> Void
    ) async throws(ClientError) -> Client {
        try await change(name, audit) { known throws(ClientError) in
            guard var client = known else { throw .notFound(name) }
            update(&client)
            return client
        }
    }

    /// Gives a client a new token and returns it. The earlier tokens stay valid for the overlap.
    package func rotate(
        _ name: String, for caller: Caller, overlap: Duration, digest: @Sendable (ClientToken) -> TokenDigest
    ) async throws(ClientError) -> (Client, ClientToken) {
        let token = makeToken()
        let tokenDigest = digest(token)
        let now = ports.clock.now()
        return (
            try await update(name, AuditRecord(.clientRotate, by: caller, at: now)) {
                $0.rotate(to: tokenDigest, at: now, overlap: overlap)
            }, token
        )
    }

    /// Makes all tokens of a client invalid. Its tasks stay.
    package func revoke(_ name: String, for caller: Caller) async throws(ClientError) -> Client {
        let now = ports.clock.now()
        return try await update(name, AuditRecord(.clientRevoke, by: caller, at: now)) { $0.revoke(at: now) }
    }

    private func makeToken() -> ClientToken {
        ClientToken(random: (ports.random(), ports.random(), ports.random()))
    }

    private func change(
        _ name: String, _ audit: AuditRecord,
        _ change: @escaping @Sendable (Client?) throws(ClientError) -> Client
    ) async throws(ClientError) -> Client {
        let outcome: Result<Client, ClientError>
        do {
            outcome = try await health.recordingFailures { () throws(StoreError) in
                try await ports.clients.changeClient(name) { known throws(ClientError) in
                    let client = try change(known)
                    var audit = audit
                    audit.client = name
                    audit.detail = client.changes(from: known)
                    return ClientChange(client, audit: audit.detail == nil ? nil : audit)
                }
            }
        } catch { throw .store(error) }
        let client = try outcome.get()
        index.withLock { $0.insert(client) }
        policy.advance()
        observer.withLock(\.self)(name)
        return client
    }
}
