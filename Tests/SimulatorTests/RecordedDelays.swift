import Synchronization

/// The recorded delays.
final class RecordedDelays: Sendable {
    private let all = Mutex<[Duration]>([])

    func record(_ pause: Duration) { all.withLock { $0.append(pause) } }
    func withLock(_ body: ([Duration]) -> [Duration]) -> [Duration] { all.withLock { body($0) } }
}
