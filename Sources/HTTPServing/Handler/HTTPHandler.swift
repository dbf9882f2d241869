package import HTTPWire

/// The request handler of a server, or a middleware around another handler. One value serves all loops.
package protocol HTTPHandler: Sendable {
    /// Decides what to do about a request. Called once for each request, on the connection's loop, in the
    /// turn in which its head was received. Must not block.
    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition

    /// Returns the response to a request that the HTTP layer rejects. `context.hasHead` is false where no
    /// valid head was received, so that `handle` was not called.
    func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse
}

extension HTTPHandler {
    /// Returns the message as plain text.
    package func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", "text/plain; charset=utf-8")
        return HTTPResponse(
            status: error.status, fields: fields, body: .bytes(Array("\(error.message)\n".utf8)))
    }

    /// Returns the response to a request that was received completely before this handler could be called.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch handle(request.head, request.context).action {
        case .respond(let response): return response
        case .prepared(let prepared): return prepared.response
        case .run(let work): return await work()
        case .collect(let limit, let then):
            if request.body.count > limit { return reject(.bodyTooLarge(limit), request.context) }
            return await then(request)
        }
    }
}
