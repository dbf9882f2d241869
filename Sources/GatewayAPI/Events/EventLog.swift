import Gateway
import VideoJobs

/// The recent changes of a subject in the order of their positions: a value that decides and does nothing.
///
/// Of the newest changes it has all, of older ones the last of each task: a slow reader skips to the newest
/// states. Its size is bounded, whatever its readers do.
struct EventLog {
    /// What a reader at a position is to send next.
    enum Next {
        case event(TaskEvent, at: Int64)
        /// It has sent all.
        case nothing
        /// What follows its position is no longer here.
        case dropped
    }

    private struct Entry {
        let position: Int64
        let event: TaskEvent
    }

    /// The newest changes, of which none is skipped.
    static let recentMax = 1024
    /// Older changes, one of each task.
    static let olderMax = 1024
    /// Changes that are added before the log is reduced to those.
    private static let slack = 512

    private var entries: [Entry] = []
    /// The position of the last change that was dropped although no later one of its task is here.
    private var floor: Int64 = .min

    var count: Int { entries.count }

    /// Appends a change; its position is higher than all before.
    mutating func append(_ event: TaskEvent, at position: Int64) {
        entries.append(Entry(position: position, event: event))
        if entries.count >= Self.recentMax + Self.olderMax + Self.slack { compact() }
    }

    /// Returns what a reader that has sent everything up to a position sends next.
    func next(after position: Int64) -> Next {
        if position < floor { return .dropped }
        let index = firstIndex(after: position)
        guard index < entries.count else { return .nothing }
        return .event(entries[index].event, at: entries[index].position)
    }

    /// Whether the change with this position is here.
    func contains(_ position: Int64) -> Bool {
        let index = firstIndex(after: position - 1)
        return index < entries.count && entries[index].position == position
    }

    private func firstIndex(after position: Int64) -> Int {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].position <= position { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func compact() {
        let recent = entries.suffix(Self.recentMax)
        var known = Set(recent.map(\.event.record.id))
        var older: [Entry] = []
        for entry in entries.dropLast(Self.recentMax).reversed() {
            guard known.insert(entry.event.record.id).inserted else { continue }
            if older.count < Self.olderMax {
                older.append(entry)
            } else {
                floor = max(floor, entry.position)
            }
        }
        entries = older.reversed() + recent
    }
}
