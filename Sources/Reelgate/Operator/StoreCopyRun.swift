import Dispatch
import StoreSQLite
import Transport

/// Copies a store on a thread of its own, and stops at Ctrl-C or SIGTERM without leaving anything.
enum StoreCopyRun {
    /// Returns the outcome of the work, which blocks. Throws errors for the operator.
    static func run<Outcome: Sendable>(
        _ work: @escaping @Sendable (StoreCopyStop) throws(StoreCopyError) -> Outcome
    ) async throws -> Outcome {
        let stop = StoreCopyStop()
        let (outcomes, continuation) = AsyncStream<Outcome>.makeStream(bufferingPolicy: .bufferingOldest(1))
        let signal = try await StopSignal(on: try EventLoop(label: "copy"))
        try await signal.run {
            continuation.yield(try await perform(work, stop))
            continuation.finish()
        } farewell: {
            "reelgate: \(StoreCopyError.interrupted.message)"
        }
        for await outcome in outcomes { return outcome }
        preconditionFailure("the copy ended without an outcome")
    }

    private static func perform<Outcome: Sendable>(
        _ work: @escaping @Sendable (StoreCopyStop) throws(StoreCopyError) -> Outcome, _ stop: StoreCopyStop
    ) async throws -> Outcome {
        do {
            return try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { caller in
                    DispatchQueue.global().async { caller.resume(with: Result { try work(stop) }) }
                }
            } onCancel: {
                stop.stop()
            }
        } catch let error as StoreCopyError {
            throw CommandError(error.message, remedy: error.remedy)
        }
    }
}
