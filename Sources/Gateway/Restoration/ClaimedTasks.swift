import VideoJobs

/// The unfinished tasks that the store grants to this gateway, in pages, in order of admission.
struct ClaimedTasks: Sendable {
    private static let pageSize = 1000

    private let ports: GatewayPorts
    private let claim: WorkClaim
    private var last: TaskID?

    /// Begins a claim, which makes earlier ones of this gateway void.
    init(_ ports: GatewayPorts, _ settings: GatewaySettings) async throws(StoreError) {
        self.ports = ports
        claim = try await ports.store.beginClaim(
            owner: settings.claimOwner, at: ports.clock.now(), lease: settings.claimLease)
    }

    /// Returns the next page; `nil` after the last one. Throws if another process of this gateway has begun a
    /// claim meanwhile: what is left is that one's.
    mutating func next() async throws(StoreError) -> [TaskRecord]? {
        let granted = try await ports.store.claimTasksWithWork(claim, after: last, limit: Self.pageSize)
        guard let granted else {
            throw .unavailable("another process of this gateway has claimed the unfinished tasks; stop it")
        }
        guard let end = granted.last else { return nil }
        last = end.id
        return granted
    }
}
