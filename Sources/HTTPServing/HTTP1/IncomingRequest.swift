internal import HTTPWire

/// A request whose body is being received.
final class IncomingRequest {
    let head: RequestHead
    let context: RequestContext
    let body: ReceivedBody
    /// Responds to the complete request.
    let then: @Sendable (HTTPRequest) async -> HTTPResponse

    init(
        _ head: RequestHead, _ context: RequestContext, _ body: ReceivedBody,
        then: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) {
        self.head = head
        self.context = context
        self.body = body
        self.then = then
    }
}
