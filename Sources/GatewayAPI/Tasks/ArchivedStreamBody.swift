import Gateway
import HTTPServing
import Synchronization

/// A response body that is read from an archived stream, one piece ahead of the client.
///
/// Aborts the response if the stream fails, or has another length than it stated.
final class ArchivedStreamBody: BodySource {
    private struct State {
        /// Bytes that were read and not sent.
        var piece: ArraySlice<UInt8> = []
        var bytesRead: Int64 = 0
        var reading: Task<Void, Never>?
        /// Whether the connection found nothing to read, and waits for a wakeup.
        var isWaiting = false
        var isComplete = false
        /// Whether nothing more is read: aborted or cancelled.
        var isOver = false
        var wakeup: BodyWakeup?
    }

    /// What is to be done after a read, outside the lock.
    private enum Signal { case nothing, resume, abort }

    /// Bytes of one piece.
    private static let pieceMax = 64 * 1024

    let isEvictable = false
    private let stream: any ArchivedStream
    private let state = Mutex(State())

    init(_ stream: any ArchivedStream) { self.stream = stream }

    func open(_ wakeup: BodyWakeup) { state.withLock { $0.wakeup = wakeup } }

    func read(upTo limit: Int) -> BodyRead {
        state.withLock { state in
            guard !state.piece.isEmpty else {
                if state.isComplete { return .end }
                state.isWaiting = true
                readAhead(&state)
                return .pending
            }
            let bytes = state.piece.prefix(limit)
            // An empty slice of the same array would keep it.
            state.piece = bytes.count == state.piece.count ? [] : state.piece.dropFirst(limit)
            if state.piece.isEmpty { readAhead(&state) }
            return .bytes(bytes)
        }
    }

    /// Goes on: the body has an end.
    func beginDraining() {}

    func cancel() {
        let reading = state.withLock { state in
            state.isOver = true
            state.piece = []
            return state.reading
        }
        reading?.cancel()
    }

    private func readAhead(_ state: inout State) {
        guard state.reading == nil, !state.isComplete, !state.isOver else { return }
        state.reading = Task { [self] in
            do throws(ArchiveError) {
                receive(try await stream.read(upTo: Self.pieceMax), hasFailed: false)
            } catch {
                receive(nil, hasFailed: true)
            }
        }
    }

    private func receive(_ piece: [UInt8]?, hasFailed: Bool) {
        let (signal, wakeup) = state.withLock { state -> (Signal, BodyWakeup?) in
            state.reading = nil
            if state.isOver { return (.nothing, nil) }
            state.bytesRead += Int64(piece?.count ?? 0)
            let isEnd = piece == nil
            let isWrong = isEnd ? state.bytesRead != stream.bytes : state.bytesRead > stream.bytes
            guard !hasFailed, !isWrong else {
                state.isOver = true
                return (.abort, state.wakeup)
            }
            state.isComplete = isEnd
            state.piece = (piece ?? [])[...]
            defer { state.isWaiting = false }
            return (state.isWaiting ? .resume : .nothing, state.wakeup)
        }
        switch signal {
        case .nothing: break
        case .resume: wakeup?.resume()
        case .abort: wakeup?.abort()
        }
    }
}
