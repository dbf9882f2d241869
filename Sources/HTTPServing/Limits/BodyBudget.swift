internal import Synchronization

/// Bytes of incomplete request bodies in memory, over all connections and loops.
///
/// From half of the limit on, HTTP/2 windows shrink; near the limit, the connections whose bodies have been
/// incomplete for the longest time are evicted; nothing beyond the limit is held.
final class BodyBudget: Sendable {
    private let limit: Int
    private let held = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Whether more than half is used.
    var isScarce: Bool { held.load(ordering: .relaxed) > limit / 2 }

    /// Whether more than 15/16 is used.
    var isNearlyExhausted: Bool { held.load(ordering: .relaxed) > limit - limit / 16 }

    /// Accounts for bytes that are to be held; false, and nothing is changed, if that would be too many.
    func reserve(_ count: Int) -> Bool {
        if held.add(count, ordering: .relaxed).newValue <= limit { return true }
        release(count)
        return false
    }

    func release(_ count: Int) { held.subtract(count, ordering: .relaxed) }
}

/// A request body that is being received. Its bytes count against the server's `BodyBudget` until it is
/// complete or dropped.
final class ReceivedBody {
    private var bytes: [UInt8] = []
    private let server: ServerLoop
    /// The most bytes that the handler takes.
    var limit = 0

    init(_ server: ServerLoop) { self.server = server }

    deinit { server.bodyBudget.release(bytes.count) }

    /// Whether it would become too large for its handler.
    func exceedsLimit(with more: ArraySlice<UInt8>) -> Bool { bytes.count + more.count > limit }

    /// Appends what came; false if the server holds too much of bodies already.
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
