import Glibc
import Synchronization
import Transport

/// Ctrl-C and SIGTERM as an awaitable event. One in a process.
final class StopSignal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    private let count = Atomic(0)

    /// Handles both signals. A second one ends the process at once.
    init(on loop: EventLoop) async throws {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
        try await loop.run { reactor in
            try SignalWatch.start(on: reactor, through: SignalWatch.Pipe()) { _ in self.arrived() }
        }
    }

    private func arrived() {
        guard count.wrappingAdd(1, ordering: .relaxed).newValue == 1 else { _exit(Self.exitStatus) }
        continuation.yield()
    }

    /// Returns when the first signal arrived, or when the surrounding task is cancelled.
    func arrives() async {
        for await _ in stream { return }
    }

    var hasArrived: Bool { count.load(ordering: .relaxed) > 0 }

    /// What shells report for a command that Ctrl-C ended.
    static let exitStatus: Int32 = 128 + SIGINT

    /// Runs the work. If a signal arrives first, cancels it, waits for its end, prints the farewell and ends
    /// the process.
    func run(
        _ work: @escaping @Sendable () async throws -> Void, farewell: @Sendable () -> String
    ) async throws {
        let task = Task { try await work() }
        let watch = Task {
            await arrives()
            if hasArrived { task.cancel() }
        }
        let result = await task.result
        watch.cancel()
        if hasArrived, case .failure = result {
            StandardStream.error.line(farewell())
            Glibc.exit(Self.exitStatus)
        }
        try result.get()
    }
}
