internal import HTTPWire

/// A request that has not been responded to.
final class HTTP2Exchange {
    let head: RequestHead
    let context: RequestContext
    /// The body, where the handler collects one, and the work that follows.
    var body: ReceivedBody?
    var then: (@Sendable (HTTPRequest) async -> HTTPResponse)?
    var task: Task<Void, Never>?
    /// Whether content of the request is still to come that nobody collects.
    var hasUnreadBody = false
    /// Whether a client that closes its side has left.
    var endsWithClient = false
    /// Notified of the end of the response, until the response is begun.
    var observer: (any ExchangeObserver)?

    init(_ head: RequestHead, _ context: RequestContext) {
        self.head = head
        self.context = context
    }

    /// Cancels the handler's work: there will be no response.
    func abandon(as completion: ExchangeOutcome.Completion) {
        task?.cancel()
        observer.take()?.exchangeEnded(.unanswered(completion))
    }
}
