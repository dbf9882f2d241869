import Gateway
import HTTPServing
import Synchronization

/// The changes of one subject that are not sent to all of its streams yet, and these streams. Exists while
/// there is one.
final class EventTopic: Sendable {
    let subject: EventSubject
    private let streams = BodyWakeupGroup()
    private let log = Mutex(EventLog())

    init(_ subject: EventSubject) { self.subject = subject }

    /// Appends a change and wakes the streams.
    func append(_ event: TaskEvent) {
        let position = subject.position(of: event.record, sequence: event.sequence)
        log.withLock { $0.append(event, at: position) }
        streams.resumeAll()
    }

    /// Returns what a stream at a position sends next.
    func next(after position: Int64) -> EventLog.Next { log.withLock { $0.next(after: position) } }

    /// Whether the change with this position is in memory.
    func contains(_ position: Int64) -> Bool { log.withLock { $0.contains(position) } }

    /// Has a stream woken for each change.
    func insert(_ wakeup: BodyWakeup) { streams.insert(wakeup) }

    func remove(_ wakeup: BodyWakeup) { streams.remove(wakeup) }
}
