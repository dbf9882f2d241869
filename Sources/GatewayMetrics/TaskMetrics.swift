import Gateway
import Metrics
import Synchronization
import VideoJobs

/// Counts what happens to tasks, from the changes that the gateway publishes.
final class TaskMetrics: TaskObserver {
    /// The part of a task's life that a duration is of.
    private enum Phase: String { case queue, provider, archive, total }

    private let transitions = CounterFamily(
        "reelgate_task_transitions_total", "Durable changes of tasks' states", labels: ["from", "to"])
    private let durations = HistogramFamily(
        "reelgate_task_duration_seconds",
        "Time that tasks took: in the queue, at the provider, to be archived, and in total",
        labels: ["model", "phase"], limit: 400,
        .seconds([1, 5, 15, 30, 60, 120, 300, 600, 1200, 3600, 7200, 21_600, 43_200, 86_400]))
    private let models: LabelLimit
    /// When the provider was done, of tasks that are being archived.
    private let archivingSince = Mutex<[TaskID: Timestamp]>([:])

    /// The usual changes of a task's state.
    private static let usual = [
        ["new", "queued"], ["new", "sending"], ["queued", "sending"], ["queued", "cancelled"],
        ["sending", "queued"], ["sending", "running"], ["sending", "failed"], ["sending", "uncertain"],
        ["running", "archiving"], ["running", "failed"], ["archiving", "completed"], ["archiving", "failed"],
        ["uncertain", "queued"], ["uncertain", "running"], ["uncertain", "failed"],
    ]

    init(models: LabelLimit) {
        self.models = models
        transitions.begin(Self.usual)
    }

    func taskPublished(_ record: TaskRecord) {}
    func taskEvicted(_ record: TaskRecord) {}

    func taskCommitted(_ change: CommittedChange) {
        let (record, before) = (change.record, change.before?.state)
        guard record.state != before else { return }
        let from = before?.rawValue ?? (change.isFoundLate ? "unknown" : "new")
        transitions.counter(from, record.state.rawValue).add()
        observe(record, after: change.before)
    }

    private func observe(_ record: TaskRecord, after before: TaskRecord?) {
        let since = followArchiving(record)
        guard let before else { return }
        let start = record.resubmitted ?? record.created
        switch (before.state, record.state) {
        case (.sending, .running):
            // An attempt's first change, which the provider's reply ends.
            observe(.queue, before.updated - start, of: record)
        case (.running, .archiving):
            if let accepted = record.accepted { observe(.provider, record.updated - accepted, of: record) }
        case (_, .completed):
            if let since { observe(.archive, record.updated - since, of: record) }
            observe(.total, record.updated - start, of: record)
        default: break
        }
    }

    /// Keeps when a task began to be archived. Returns it when that has ended; `nil` if it is unknown, as
    /// after a restart.
    private func followArchiving(_ record: TaskRecord) -> Timestamp? {
        archivingSince.withLock { since in
            guard record.state == .archiving else { return since.removeValue(forKey: record.id) }
            since[record.id] = record.updated
            return nil
        }
    }

    private func observe(_ phase: Phase, _ duration: Duration, of record: TaskRecord) {
        durations.histogram(models.value(record.model), phase.rawValue).observe(duration)
    }

    var families: [MetricFamily] { [transitions.family, durations.family] }
}
