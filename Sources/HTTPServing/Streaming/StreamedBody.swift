internal import HTTP2Wire
internal import Transport

/// A response body that is being streamed: a source, and the connection that reads it.
final class StreamedBody {
    enum Wakeup {
        /// The source has more to read, or its end.
        case resume
        /// The response is to end as incomplete.
        case abort
    }

    let source: any BodySource
    /// When the response began, on the reactor's clock in nanoseconds.
    let startedAt: UInt64
    let onWakeup: (Wakeup) -> Void
    private let bodies: StreamedBodies
    private var id: UInt64 = 0
    private var isOver = false
    /// Bytes that were read from the source and are not sent (HTTP/2).
    private var prepared: ArraySlice<UInt8> = []

    /// The closure must not keep the connection alive.
    init(_ source: any BodySource, on server: ServerLoop, onWakeup: @escaping (Wakeup) -> Void) {
        self.source = source
        self.onWakeup = onWakeup
        bodies = server.bodies
        startedAt = server.reactor.now
    }

    /// Opens the source. To be called once, before the first `read`.
    func open(on server: ServerLoop) {
        id = bodies.insert(self)
        source.open(BodyWakeup(bodyID: id, queue: server.bodyWakeups))
        if server.isDraining { source.beginDraining() }
    }

    /// Returns the next bytes, at most `limit`.
    func read(upTo limit: Int) -> BodyRead {
        if isOver { return .pending }
        let read = source.read(upTo: limit)
        if read == .end { finish() }
        return read
    }

    /// Stops reading; the source is cancelled unless it was read to its end.
    func cancel() {
        if isOver { return }
        finish()
        source.cancel()
    }

    private func finish() {
        isOver = true
        bodies.remove(id)
    }
}

extension StreamedBody: StreamedContent {
    func prepare(upTo limit: Int) -> StreamedContentState {
        if prepared.isEmpty {
            switch read(upTo: limit) {
            case .bytes(let bytes): prepared = bytes
            case .pending: return .pending
            case .end: return .end
            }
        }
        return .bytes(min(limit, prepared.count))
    }

    func read(_ count: Int, into out: inout [UInt8]) {
        out.append(contentsOf: prepared.prefix(count))
        prepared = prepared.dropFirst(count)
        // Lets go of the source's array.
        if prepared.isEmpty { prepared = [] }
    }
}

@available(*, unavailable)
extension StreamedBody: Sendable {}  // Belongs to one event loop.
