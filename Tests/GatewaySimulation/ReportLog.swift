import Gateway
import Synchronization
import VideoJobs

/// Collects the reports of a gateway, in order.
final class ReportLog: TaskObserver {
    private let entries = Mutex<[ClientReport]>([])

    func add(_ report: ClientReport) { entries.withLock { $0.append(report) } }

    func taskPublished(_ record: TaskRecord) { add(.record(record)) }
    func taskCommitted(_ change: CommittedChange) { add(.committed(change)) }
    func taskEvicted(_ record: TaskRecord) {}

    /// Removes and returns all reports.
    func take() -> [ClientReport] {
        entries.withLock { entries in
            defer { entries = [] }
            return entries
        }
    }
}
