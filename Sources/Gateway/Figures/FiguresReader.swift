import Synchronization
import VideoJobs

/// Reads the store's figures for monitoring: one read at a time, and none while the last one is fresh.
final class FiguresReader: Sendable {
    private struct State {
        var known: StoredFigures?
        var knownSince: MonotonicTime?
        /// Callers that wait for the read in progress; `nil` if there is none.
        var waiting: [AsyncEvent]?
    }

    private enum Step {
        case useKnown
        case wait
        case readAndWait
    }

    /// How long figures are fresh.
    private static let freshness: Duration = .seconds(1)
    /// How long a caller waits for the store.
    private static let waitMax: Duration = .seconds(2)
    /// Clients whose budgets are shown.
    private static let budgetsMax = 100

    private let ports: GatewayPorts
    private let clients: ClientRegistry
    private let spending: SpendingPolicy
    private let health: StoreHealth
    private let state = Mutex(State())

    init(ports: GatewayPorts, clients: ClientRegistry, spending: SpendingPolicy, health: StoreHealth) {
        self.ports = ports
        self.clients = clients
        self.spending = spending
        self.health = health
    }

    /// Returns the figures, which are old while the store does not respond; `nil` if they never were read.
    func stored() async -> StoredFigures? {
        let event = AsyncEvent()
        let step = begin(event)
        if step == .readAndWait { ports.start { await self.refresh() } }
        if step != .useKnown {
            await ports.wait(for: event, until: ports.clock.monotonic() + Self.waitMax)
        }
        return state.withLock { $0.known }
    }

    private func begin(_ event: AsyncEvent) -> Step {
        let now = ports.clock.monotonic()
        return state.withLock { state in
            if let since = state.knownSince, now - since < Self.freshness { return .useKnown }
            defer { state.waiting = (state.waiting ?? []) + [event] }
            return state.waiting == nil ? .readAndWait : .wait
        }
    }

    private func refresh() async {
        let figures = try? await read()
        let now = ports.clock.monotonic()
        let waiting = state.withLock { state in
            if let figures { state.known = figures }
            // A store that fails is not asked by every scrape either.
            state.knownSince = now
            defer { state.waiting = nil }
            return state.waiting ?? []
        }
        for event in waiting { event.set() }
    }

    private func read() async throws(StoreError) -> StoredFigures {
        try await health.recordingFailures { () throws(StoreError) in
            let totals = try await ports.usage.totals()
            let isReached = try await spending.issue() != nil
            return StoredFigures(totals: totals, budgets: try await budgets(), isCeilingReached: isReached)
        }
    }

    private func budgets() async throws(StoreError) -> [StoredFigures.Budget] {
        let now = ports.clock.now()
        let limited = clients.clients.filter { $0.budget != nil }.sorted { $0.name < $1.name }
        var budgets: [StoredFigures.Budget] = []
        for client in limited.prefix(Self.budgetsMax) {
            guard let budget = client.budget else { continue }
            let consumed = try await ports.store.consumption(
                of: client.name, since: budget.period(of: now).start)
            budgets.append(
                StoredFigures.Budget(client: client.name, left: max(0, budget.microdollars - consumed)))
        }
        return budgets
    }
}
