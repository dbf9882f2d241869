internal import Dispatch
internal import Synchronization

/// The way of a download's pieces from libcurl, which brings them on the loop, to the sink, which may block.
///
/// The sink has a queue of its own: neither a loop nor Swift's few shared threads may wait for a disk.
final class DownloadBuffer: Sendable {
    /// What the transfer is asked to do.
    enum Wish { case goOn, stop }

    private struct State {
        var gauge = Watermarks()
        var isRefused = false
        /// Whether pieces that still wait are of no use any more.
        var isOver = false
    }

    // Immutable.
    private let queue = DispatchQueue(label: "reelgate.download")
    private let sink: @Sendable ([UInt8]) throws -> Void
    private let wish: @Sendable (Wish) -> Void

    private let state = Mutex(State())

    init(
        to sink: @escaping @Sendable ([UInt8]) throws -> Void, wish: @escaping @Sendable (Wish) -> Void
    ) {
        self.sink = sink
        self.wish = wish
    }

    /// Takes a piece; false if it must be offered again after `Wish.goOn`.
    func offer(_ piece: [UInt8]) -> Bool {
        guard state.withLock({ $0.gauge.offer(piece.count) }) else { return false }
        queue.async { [self] in give(piece) }
        return true
    }

    /// Tells how the transfer ended, after the last piece.
    func end(_ outcome: FetchOutcome, then finish: @escaping @Sendable (FetchOutcome) -> Void) {
        if case .failed = outcome { state.withLock { $0.isOver = true } }
        queue.async { [self] in finish(judged(outcome)) }
    }

    private func give(_ piece: [UInt8]) {
        guard !state.withLock({ $0.isOver }) else { return }
        do {
            try sink(piece)
            if state.withLock({ $0.gauge.taken(piece.count) }) { wish(.goOn) }
        } catch {
            // The caller's own error: it knows it, and we only stop.
            state.withLock { state in
                state.isOver = true
                state.isRefused = true
            }
            wish(.stop)
        }
    }

    /// The sink may have refused a piece after the network had done its part.
    private func judged(_ outcome: FetchOutcome) -> FetchOutcome {
        guard case .answered(let answer) = outcome, state.withLock({ $0.isRefused }) else { return outcome }
        return .failed(
            FetchError(
                stage: .stoppedBySink, message: "the receiver of the download refused it", bytesSent: 1,
                status: answer.status))
    }
}

/// Decides when a download has to wait for its sink.
struct Watermarks {
    private static let highMark = 1 << 20
    private static let lowMark = highMark / 2

    /// Bytes that were offered and not yet taken by the sink.
    private(set) var waiting = 0
    private var isPaused = false

    /// Counts a piece in; false if there is no room for it now.
    mutating func offer(_ count: Int) -> Bool {
        isPaused = waiting >= Self.highMark
        if !isPaused { waiting += count }
        return !isPaused
    }

    /// Counts a piece out; true if the paused transfer should go on.
    mutating func taken(_ count: Int) -> Bool {
        waiting -= count
        guard isPaused, waiting <= Self.lowMark else { return false }
        isPaused = false
        return true
    }
}
