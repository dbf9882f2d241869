import CrashPoints
import Synchronization
import VideoJobs

/// Sends webhooks and notices when they are due.
///
/// Level-triggered: the rows of the store say what is due, also after a crash, and a change of a task only
/// makes the service look earlier. An attempt whose end was not stored is repeated under the same id.
final class DeliveryService: Sendable {
    /// Concurrent attempts, of all receivers and of one.
    static let attemptsMax = 16
    static let attemptsPerHostMax = 4
    /// The hosts that can be at their limit at once.
    static let busyHostsMax = attemptsMax / attemptsPerHostMax
    /// Rows of one look at the store: more than are in progress.
    private static let pageMax = 4 * attemptsMax
    /// Between looks at a store in which nothing is due.
    private static let lookInterval: Duration = .seconds(600)
    /// Between attempts of a store call.
    private static let storeRetryDelay: Duration = .seconds(5)

    private struct State {
        /// The deliveries in progress and their hosts.
        var inProgress: [DeliveryID: String] = [:]
        var wakeup: AsyncEvent?
        var isStopping = false
    }

    private let ports: GatewayPorts
    private let health: StoreHealth
    private let state = Mutex(State())
    private let inFlight = InFlightCount()

    init(ports: GatewayPorts, health: StoreHealth) {
        self.ports = ports
        self.health = health
    }

    /// Sends until cancelled; returns when no attempt is in progress.
    func run() async {
        while !Task.isCancelled {
            let event = AsyncEvent()
            // Before the look at the store, so that nothing is missed.
            state.withLock { $0.wakeup = event }
            let next = await startDue()
            await ports.wait(for: event, until: next)
        }
        state.withLock { $0.isStopping = true }
        await inFlight.drained()
    }

    /// Looks at the store if a change ended a task.
    func reconcile(_ record: TaskRecord, after before: TaskRecord?) {
        if WebhookType(for: record, after: before) != nil { wake() }
    }

    /// Makes the service look at the store.
    func wake() { state.withLock { $0.wakeup }?.set() }

    /// Starts the attempts that are due, as far as the limits allow. Returns when to look again.
    private func startDue() async -> MonotonicTime {
        let latest = ports.clock.monotonic() + Self.lookInterval
        do {
            while true {
                let busy = busyHosts()
                guard hasRoom else { return latest }
                let page = try await health.recordingFailures { () throws(StoreError) in
                    try await ports.deliveries.pendingDeliveries(excluding: busy, limit: Self.pageMax)
                }
                let now = ports.clock.now()
                let last = now + DeliverySchedule.standard.longest
                for delivery in page where delivery.next <= now || delivery.next > last {
                    if begin(delivery) { start(delivery) }
                }
                // A whole page of one host must not keep the others waiting.
                if page.count == Self.pageMax, busyHosts() != busy { continue }
                let next = page.first { $0.next > now }.map { ports.clock.monotonic() + ($0.next - now) }
                return min(next ?? latest, latest)
            }
        } catch {
            return ports.clock.monotonic() + Self.storeRetryDelay
        }
    }

    private var hasRoom: Bool { state.withLock { $0.inProgress.count < Self.attemptsMax } }

    /// The hosts that are at their limit.
    private func busyHosts() -> Set<String> {
        let counts = state.withLock { state in
            state.inProgress.values.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        return Set(counts.filter { $0.value >= Self.attemptsPerHostMax }.keys)
    }

    /// Returns whether an attempt may begin now, and counts it.
    private func begin(_ delivery: PendingDelivery) -> Bool {
        state.withLock { state in
            let hosts = state.inProgress.values
            guard state.inProgress[delivery.id] == nil, hosts.count < Self.attemptsMax,
                hosts.count(where: { $0 == delivery.host }) < Self.attemptsPerHostMax
            else { return false }
            state.inProgress[delivery.id] = delivery.host
            return true
        }
    }

    private func start(_ pending: PendingDelivery) {
        inFlight.enter()
        ports.start { [self] in
            await attempt(pending.id)
            state.withLock { $0.inProgress[pending.id] = nil }
            inFlight.leave()
            wake()
        }
    }
}

// One attempt.
extension DeliveryService {
    private func attempt(_ id: DeliveryID) async {
        guard let delivery = await pending(id) else { return }
        let (at, start) = (ports.clock.now(), ports.clock.monotonic())
        reached(.deliveryBegun)
        let reply = await send(delivery, at: at)
        reached(.deliveryAnswered)
        let duration = ports.clock.monotonic() - start
        let jitter = ports.jitter()
        let stored = await change(id) {
            $0.record(reply, to: delivery, in: (at, duration), jitter: jitter)
        }
        if let stored { ports.log.record(reply, stored) }
    }

    private func send(_ delivery: Delivery, at now: Timestamp) async -> WebhookReply {
        switch delivery.target {
        case .webhook(_, let callback):
            await inTrace(callback.trace) {
                await ports.webhooks.send(
                    WebhookMessage(
                        id: delivery.id.description, callback: callback, body: delivery.body, at: now))
            }
        case .notice(let target):
            await ports.notices.send(NoticeMessage(target, body: delivery.body, at: now))
        }
    }

    /// Reads a delivery that is still pending.
    private func pending(_ id: DeliveryID) async -> Delivery? {
        let delivery = try? await health.recordingFailures { () throws(StoreError) in
            try await ports.deliveries.delivery(id)
        }
        return delivery?.state == .pending ? delivery : nil
    }

    /// Stores the end of an attempt; tries again while the store does not work, so that the attempt is not
    /// repeated meanwhile.
    private func change(
        _ id: DeliveryID, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async -> Delivery? {
        while true {
            do {
                return try await health.recordingFailures { () throws(StoreError) in
                    try await ports.deliveries.changeDelivery(id, audit: nil, change)
                }
            } catch {
                if state.withLock({ $0.isStopping }) { return nil }
                await health.recovered(by: ports.clock.monotonic() + Self.storeRetryDelay)
            }
        }
    }
}
