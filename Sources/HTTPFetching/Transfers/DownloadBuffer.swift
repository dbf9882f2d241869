internal import DequeModule
internal import Dispatch
internal import Synchronization

/// A bounded buffer between libcurl, which delivers pieces on the loop, and a sink, which may block.
///
/// The sink has its own queue: neither event loops nor Swift's shared threads may wait for a disk. While it
/// is busy, pieces are joined: libcurl's have 16 KiB, and each call of the sink costs a system call.
final class DownloadBuffer: Sendable {
    /// What the transfer should do.
    enum FlowControl { case resume, stop }

    fileprivate struct State {
        var watermarks = Watermarks()
        /// Not yet taken by the sink.
        var pieces: Deque<[UInt8]> = []
        /// Empty pieces whose memory is used again: to get it from the kernel costs more than to fill it.
        var spare: [[UInt8]] = []
        /// Whether the queue has been asked to write.
        var isWriting = false
        var isRejected = false
        /// Whether pending pieces are discarded.
        var isDiscarding = false
    }

    // Immutable.
    private let queue = DispatchQueue(label: "reelgate.download")
    private let sink: DownloadSink
    private let onFlowControl: @Sendable (FlowControl) -> Void

    private let state = Mutex(State())

    /// Pieces that wait one by one; further ones join the last.
    fileprivate static let separateMax = 4
    /// Bytes of a joined piece at most.
    fileprivate static let pieceMax = 256 << 10
    private static let spareMax = 4

    init(
        to sink: DownloadSink,
        onFlowControl: @escaping @Sendable (FlowControl) -> Void
    ) {
        self.sink = sink
        self.onFlowControl = onFlowControl
    }

    /// Enqueues the head of the response, before the first piece.
    func begin(_ head: FetchResponse) {
        queue.async { [self] in deliver { try sink.begin(head) } }
    }

    /// Enqueues a piece. Returns `false` if the buffer is full; the piece must be enqueued again after
    /// `FlowControl.resume`.
    func enqueue(_ piece: RawSpan) -> Bool {
        let (hasRoom, mustStart) = state.withLock { state in
            guard state.watermarks.enqueue(piece.byteCount) else { return (false, false) }
            state.append(piece)
            defer { state.isWriting = true }
            return (true, !state.isWriting)
        }
        if mustStart { queue.async { [self] in writeAll() } }
        return hasRoom
    }

    /// Delivers the outcome after the last piece. What arrived before the connection failed is delivered,
    /// too: the receiver may continue from there.
    func end(_ outcome: FetchOutcome, then finish: @escaping @Sendable (FetchOutcome) -> Void) {
        if case .failed(let error) = outcome, error.stage != .afterSending {
            state.withLock { $0.isDiscarding = true }
        }
        queue.async { [self] in finish(finalOutcome(outcome)) }
    }

    private func writeAll() {
        while var piece = state.withLock({ $0.takeFirst() }) {
            deliver {
                try sink.append(piece)
                if state.withLock({ $0.watermarks.dequeue(piece.count) }) { onFlowControl(.resume) }
            }
            piece.removeAll(keepingCapacity: true)
            state.withLock { if $0.spare.count < Self.spareMax { $0.spare.append(piece) } }
        }
    }

    private func deliver(_ body: () throws -> Void) {
        guard !state.withLock({ $0.isDiscarding }) else { return }
        do {
            try body()
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

extension DownloadBuffer.State {
    /// Adds a piece to the last one that waits, or behind it.
    fileprivate mutating func append(_ piece: RawSpan) {
        let joins =
            pieces.count >= DownloadBuffer.separateMax
            && pieces[pieces.count - 1].count + piece.byteCount <= DownloadBuffer.pieceMax
        if !joins { pieces.append(spare.popLast() ?? []) }
        pieces[pieces.count - 1].append(piece)
    }

    /// Takes the first piece; `nil` ends the writing.
    fileprivate mutating func takeFirst() -> [UInt8]? {
        isWriting = !pieces.isEmpty
        return pieces.popFirst()
    }
}
