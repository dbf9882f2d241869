import Synchronization
import VideoJobs

/// The durations of recently completed tasks, by model and resolution.
final class DurationHistory: Sendable {
    /// Completed tasks that are read from the store at the start.
    static let readMax = 2_000
    /// Kinds of tasks; further ones are not learned.
    static let kindsMax = 256

    /// Tasks that should take about as long as each other.
    private struct Kind: Hashable {
        let model: String
        let resolution: String?
    }

    private let ports: GatewayPorts
    private let health: StoreHealth
    private let kinds = Mutex<[Kind: RecentDurations]>([:])

    init(ports: GatewayPorts, health: StoreHealth) {
        self.ports = ports
        self.health = health
    }

    /// Reads the durations of earlier tasks. Without them the catalog's estimates hold until enough tasks
    /// are complete, so a failure is only logged.
    func load() async {
        do {
            let newestFirst = try await health.recordingFailures { () throws(StoreError) in
                try await ports.store.completedDurations(limit: Self.readMax)
            }
            let byKind = Dictionary(grouping: newestFirst.reversed()) {
                Kind(model: $0.model, resolution: $0.resolution)
            }
            kinds.withLock { kinds in
                for (kind, durations) in byKind where kinds.count < Self.kindsMax {
                    kinds[kind, default: RecentDurations()].append(contentsOf: durations.map(\.duration))
                }
            }
        } catch {
            ports.log.warning(
                .storeDurationsUnreadable, "the durations of earlier tasks cannot be read",
                metadata: ["reason": "\(error.message)"])
        }
    }

    /// Learns from a task that has just been completed.
    func reconcile(_ record: TaskRecord, after before: TaskRecord?) {
        guard let before, before.state != .completed, let completed = CompletedDuration(record) else {
            return
        }
        let kind = Kind(model: completed.model, resolution: completed.resolution)
        kinds.withLock { kinds in
            guard kinds[kind] != nil || kinds.count < Self.kindsMax else { return }
            kinds[kind, default: RecentDurations()].append(contentsOf: CollectionOfOne(completed.duration))
        }
    }

    /// Returns the median duration in whole seconds, rounded up; `nil` until enough tasks are complete.
    func estimatedSeconds(model: String, resolution: String?) -> Int? {
        guard let median = durations(model, resolution)?.median else { return nil }
        return max(1, Int((median + .milliseconds(999)).components.seconds))
    }

    /// Returns the duration that 95 of 100 such tasks did not exceed, in whole seconds like the estimates;
    /// `nil` until enough are complete.
    func slowThreshold(model: String, resolution: String?) -> Duration? {
        durations(model, resolution)?.percentile95.map {
            .seconds(($0 + .milliseconds(999)).components.seconds)
        }
    }

    private func durations(_ model: String, _ resolution: String?) -> RecentDurations? {
        kinds.withLock { $0[Kind(model: model, resolution: resolution)] }
    }
}
