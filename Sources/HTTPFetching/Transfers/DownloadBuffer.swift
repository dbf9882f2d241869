internal import Dispatch
internal import Synchronization

/// A bounded buffer between libcurl, which delivers pieces on the loop, and a sink, which may block.
///
/// The sink has its own queue: neither event loops nor Swift's shared threads may wait for a disk.
final class DownloadBuffer: Sendable {
    /// What the transfer should do.
    enum FlowControl { case resume, stop }

    private struct State {
        var watermarks = Watermarks()
        var isRejected = false
        /// Whether pending pieces are discarded.
        var isDiscarding = false
    }

    // Immutable.
    private let queue = DispatchQueue(label: "reelgate.download")
    private let sink: @Sendable ([UInt8]) throws -> Void
    private let onFlowControl: @Sendable (FlowControl) -> Void

    private let state = Mutex(State())

    init(
        to sink: @escaping @Sendable ([UInt8]) throws -> Void,
        onFlowControl: @escaping @Sendable (FlowControl) -> Void
    ) {
        self.sink = sink
        self.onFlowControl = onFlowControl
    }

    /// Enqueues a piece. Returns `false` if the buffer is full; the piece must be enqueued again after
    /// `FlowControl.resume`.
    func enqueue(_ piece: [UInt8]) -> Bool {
        guard state.withLock({ $0.watermarks.enqueue(piece.count) }) else { return false }
        queue.async { [self] in write(piece) }
        return true
    }

    /// Delivers the outcome after the last piece.
    func end(_ outcome: FetchOutcome, then finish: @escaping @Sendable (FetchOutcome) -> Void) {
        if case .failed = outcome { state.withLock { $0.isDiscarding = true } }
        queue.async { [self] in finish(finalOutcome(outcome)) }
    }

    private func write(_ piece: [UInt8]) {
        guard !state.withLock({ $0.isDiscarding }) else { return }
        do {
            try sink(piece)
            if state.withLock({ $0.watermarks.dequeue(piece.count) }) { onFlowControl(.resume) }
        } catch {
            // The caller knows its own error; only the transfer must stop.
            state.withLock { state in
                state.isDiscarding = true
                state.isRejected = true
            }
            onFlowControl(.stop)
        }
    }

    /// Replaces a success by a failure if the sink rejected a piece after the transfer had completed.
    private func finalOutcome(_ outcome: FetchOutcome) -> FetchOutcome {
        guard case .completed(let response) = outcome, state.withLock({ $0.isRejected }) else {
            return outcome
        }
        return .failed(
            FetchError(
                stage: .stoppedBySink, message: "the receiver of the download refused it", bytesSent: 1,
                status: response.status))
    }
}
