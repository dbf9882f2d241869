import Gateway
import Synchronization
import VideoJobs

/// A change of a task, rendered once for all streams that send it.
final class TaskEvent: Sendable {
    private struct Texts {
        var all: [UInt8]?
        var task: [UInt8]?
    }

    /// The task right after the change.
    let record: TaskRecord
    /// Its position in the store's event sequence.
    let sequence: Int64
    private let texts = Mutex(Texts())

    init(_ record: TaskRecord, sequence: Int64) {
        self.record = record
        self.sequence = sequence
    }

    /// Returns the text for the streams of a subject. The first call makes it.
    func text(for subject: EventSubject, make: () -> [UInt8]) -> [UInt8] {
        texts.withLock { texts in
            let path: WritableKeyPath<Texts, [UInt8]?> =
                switch subject {
                case .all: \.all
                case .task: \.task
                }
            if let made = texts[keyPath: path] { return made }
            let made = make()
            texts[keyPath: path] = made
            return made
        }
    }
}
