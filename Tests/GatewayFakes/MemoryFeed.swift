import Gateway
import VideoJobs

/// Events and outbox rows of a `MemoryTaskStore`, each in one sequence.
struct MemoryFeed: Sendable {
    private var events: [SequencedTaskEvent] = []
    private var rows: [OutboxRow] = []
    private var lastEvent: Int64 = 0
    private var undelivered: [CommittedChange] = []
    private var lastRow: Int64 = 0

    /// Appends the events of one transaction: the last one with a snapshot of the record that it led to.
    /// Returns the sequence of the last one.
    mutating func append(
        _ new: [TaskEventRecord], of record: TaskRecord, after before: TaskRecord?, outbox: [OutboxMessage]
    ) -> Int64 {
        for event in new {
            lastEvent += 1
            let isLast = event.number == new.last?.number
            let snapshot = isLast ? record.snapshot(after: event) : nil
            events.append(
                SequencedTaskEvent(sequence: lastEvent, taskID: record.id, event: event, snapshot: snapshot))
        }
        for message in outbox {
            lastRow += 1
            let time = new.last?.at ?? record.updated
            rows.append(OutboxRow(id: lastRow, taskID: record.id, created: time, message: message))
        }
        undelivered.append(CommittedChange(sequence: lastEvent, record: record, before: before))
        return lastEvent
    }

    /// Marks the changes that are not delivered yet as found late: their calls fail.
    mutating func failCalls() {
        for index in undelivered.indices {
            undelivered[index].isFoundLate = true
            undelivered[index].before = nil
        }
    }

    /// Removes and returns the changes that are not delivered yet.
    mutating func takeChanges() -> [CommittedChange] {
        defer { undelivered = [] }
        return undelivered
    }

    /// Skips the numbers that lost transactions may have used.
    mutating func skipLost(_ transactions: Int64) { lastEvent += max(0, transactions) * 10 }

    func history(of id: TaskID) -> [TaskEventRecord] {
        events.filter { $0.taskID == id }.map(\.event)
    }

    func events(after sequence: Int64, limit: Int) -> [SequencedTaskEvent] {
        Array(events.lazy.filter { $0.sequence > sequence }.prefix(min(max(limit, 1), 1000)))
    }

    func events(of id: TaskID, after number: Int, limit: Int) -> [SequencedTaskEvent] {
        let later = events.lazy.filter { $0.taskID == id && $0.event.number > number }
        return Array(later.prefix(min(max(limit, 1), 1000)))
    }

    var lastEventSequence: Int64 { events.last?.sequence ?? 0 }

    func outbox(kind: String, after id: Int64, limit: Int) -> [OutboxRow] {
        Array(rows.lazy.filter { $0.id > id && $0.message.kind == kind }.prefix(min(max(limit, 1), 1000)))
    }

    mutating func removeFromOutbox(_ ids: [Int64]) { rows.removeAll { ids.contains($0.id) } }
}
