package import Gateway
import HTTPServing
import Synchronization
package import VideoJobs

/// The live part of all event streams: takes each change that is durable to the streams that may send it.
///
/// Without streams it keeps nothing.
package final class EventHub: TaskObserver {
    private struct Subscribed {
        let topic: EventTopic
        var streams = 0
    }

    private let topics = Mutex<[EventSubject: Subscribed]>([:])
    let heartbeat = EventHeartbeat()
    /// Reads of stored events and tasks: each holds a page in memory.
    let reads = LimitedWork(limit: 8)

    package init() {}

    package func taskPublished(_ record: TaskRecord) {}
    package func taskEvicted(_ record: TaskRecord) {}

    package func taskCommitted(_ change: CommittedChange) {
        let subjects = [EventSubject.all, .task(change.record.id)]
        let topics = topics.withLock { topics in subjects.compactMap { topics[$0]?.topic } }
        if topics.isEmpty { return }
        let event = TaskEvent(change.record, sequence: change.sequence)
        for topic in topics { topic.append(event) }
    }

    /// Whether there is no stream, and so nothing in memory.
    var isIdle: Bool { topics.withLock(\.isEmpty) }

    /// Streams that are open.
    var streamCount: Int { topics.withLock { $0.values.reduce(0) { $0 + $1.streams } } }

    /// Returns the topic of a subject for one more stream. It has every change that becomes durable from now
    /// on.
    func subscribe(to subject: EventSubject) -> EventTopic {
        topics.withLock { topics in
            var subscribed = topics[subject] ?? Subscribed(topic: EventTopic(subject))
            subscribed.streams += 1
            topics[subject] = subscribed
            return subscribed.topic
        }
    }

    /// Lets go of a topic that `subscribe` returned.
    func unsubscribe(from topic: EventTopic) {
        topics.withLock { topics in
            topics[topic.subject]?.streams -= 1
            if topics[topic.subject]?.streams == 0 { topics[topic.subject] = nil }
        }
    }
}
