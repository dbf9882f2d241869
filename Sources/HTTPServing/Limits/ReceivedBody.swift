/// A request body that is being received. Its bytes count against the server's `BodyBudget` until it is
/// complete or dropped.
final class ReceivedBody {
    private var bytes: [UInt8] = []
    private let server: ServerLoop
    /// The most bytes that the handler takes.
    var limit = 0

    init(_ server: ServerLoop) { self.server = server }

    deinit { server.bodyBudget.release(bytes.count) }

    /// Whether the body would exceed the limit of its handler.
    func exceedsLimit(with more: ArraySlice<UInt8>) -> Bool { bytes.count + more.count > limit }

    /// Appends received bytes; false if the server holds too many bytes of bodies already.
    func append(_ more: ArraySlice<UInt8>) -> Bool {
        guard server.reserveBody(more.count) else { return false }
        bytes.append(contentsOf: more)
        return true
    }

    /// Returns the complete body, which is no longer accounted for here.
    func take() -> [UInt8] {
        server.bodyBudget.release(bytes.count)
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }
}

@available(*, unavailable)
extension ReceivedBody: Sendable {}  // Belongs to one event loop.
