import Synchronization

/// How far the gateway has come with its shutdown.
final class ShutdownState: Sendable {
    private let stopping = Atomic<Bool>(false)
    private let closing = Atomic<Bool>(false)

    /// Whether no further job is sent and callers no longer wait for changes.
    var isStopping: Bool { stopping.load(ordering: .relaxed) }
    /// Whether the store is about to close, so that no job is admitted.
    var isClosing: Bool { closing.load(ordering: .relaxed) }

    func beginStopping() { stopping.store(true, ordering: .relaxed) }
    func beginClosing() { closing.store(true, ordering: .relaxed) }
}
