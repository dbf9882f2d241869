import HTTPServing
import HTTPWire
import Synchronization

/// Responds to every request with a streamed body.
struct StreamHandler: HTTPHandler {
    let makeBody: @Sendable (RequestHead) -> any BodySource

    init(_ makeBody: @escaping @Sendable (RequestHead) -> any BodySource) { self.makeBody = makeBody }

    init(_ body: any BodySource) { makeBody = { _ in body } }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if head.path == "/now" { return .respond(.text("now")) }
        return .respond(HTTPResponse(status: 200, body: .stream(makeBody(head))))
    }
}

/// A body without end, which counts what is read of it.
final class EndlessBody: BodySource {
    let isEvictable = true
    private let onCancel: @Sendable () -> Void
    private let count = Atomic(0)
    private let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 16 * 1024)

    init(onCancel: @escaping @Sendable () -> Void = {}) { self.onCancel = onCancel }

    /// Bytes that were read.
    var pulled: Int { count.load(ordering: .relaxed) }

    func open(_ wakeup: BodyWakeup) {}

    func read(upTo limit: Int) -> BodyRead {
        let bytes = piece.prefix(limit)
        count.add(bytes.count, ordering: .relaxed)
        return .bytes(bytes)
    }

    func beginDraining() {}

    func cancel() { onCancel() }
}

/// Reports a callback to a test that waits for it.
struct Reported {
    let events: AsyncStream<Void>
    let report: @Sendable () -> Void

    init() {
        let (events, sink) = AsyncStream<Void>.makeStream()
        self.events = events
        report = { sink.yield() }
    }

    /// Returns when it was reported.
    func wait() async {
        for await _ in events { return }
    }
}
