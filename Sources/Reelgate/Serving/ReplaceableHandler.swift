import HTTPServing
import HTTPWire
import Synchronization

/// A handler that can be replaced while requests are handled: each is handled as a whole by the one that was
/// in force when it began.
final class ReplaceableHandler: HTTPHandler {
    private let current: Mutex<any HTTPHandler>

    init(_ handler: any HTTPHandler) { current = Mutex(handler) }

    /// Passes later requests to another handler.
    func replace(with handler: any HTTPHandler) { current.withLock { $0 = handler } }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        current.withLock { $0 }.handle(head, context)
    }

    func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        current.withLock { $0 }.reject(error, context)
    }
}
