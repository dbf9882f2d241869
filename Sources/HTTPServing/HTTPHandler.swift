package import HTTPWire

/// What answers the requests of a server. One value serves all loops.
package protocol HTTPHandler: Sendable {
    /// Answers on the loop, in the turn in which the head arrived, if nothing has to be awaited; else `nil`.
    /// Called for requests without a body only. Must not block.
    func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse?

    /// What this head asks, if it can be asked again without the head; else `nil`. Called when a client
    /// repeats itself, and instead of `answerNow` as long as it goes on.
    func standingQuestion(_ head: RequestHead, context: RequestContext) -> (any StandingQuestion)?

    /// Decides over a body before it is read: how much of it may come, or a refusal that spares the sending.
    func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy

    /// Answers a complete request. Runs on the connection's loop; cancelled when the client is gone.
    func answer(_ request: HTTPRequest) async -> HTTPResponse

    /// The body and fields of an answer to what the HTTP layer itself has to refuse.
    func refusal(_ refusal: HTTPError, context: RequestContext) -> HTTPResponse
}

/// A question that was understood once and is answered as often as it comes.
package protocol StandingQuestion: AnyObject, Sendable {
    /// The answer as of now, on the loop; `nil` if something has to be awaited. Must not block.
    func answer() -> HTTPResponse?
}

extension HTTPHandler {
    /// None is.
    package func standingQuestion(_ head: RequestHead, context: RequestContext) -> (any StandingQuestion)? {
        nil
    }

    /// Nothing at once.
    package func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse? { nil }

    /// 64 KiB.
    package func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy {
        .collect(limit: 64 * 1024)
    }

    /// The message as plain text.
    package func refusal(_ refusal: HTTPError, context: RequestContext) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", "text/plain; charset=utf-8")
        return HTTPResponse(
            status: refusal.status, fields: fields, body: .bytes(Array("\(refusal.message)\n".utf8)))
    }
}

/// What to do about a request's body.
package enum BodyPolicy: Sendable {
    /// Collect at most this many bytes; one more is `HTTPError.bodyTooLarge`.
    case collect(limit: Int)
    case refuse(HTTPResponse)
}

/// What is known of a request beside its message.
package struct RequestContext: Sendable {
    /// The caller's `X-Request-Id` if it is sane (1–128 of visible ASCII), else ours. Stands in every answer.
    package var requestID: String
    /// The caller's address for logs, without the port for unix-domain sockets.
    package var peer: String
    /// Whether it came over TLS.
    package var secure: Bool
    /// The name in the caller's certificate, verified; `nil` if none was asked for.
    package var certifiedName: String?

    package init(
        requestID: String, peer: String = "", secure: Bool = false, certifiedName: String? = nil
    ) {
        self.requestID = requestID
        self.peer = peer
        self.secure = secure
        self.certifiedName = certifiedName
    }

    /// Whether it came over a unix-domain socket, which no browser can reach.
    package var isLocalSocket: Bool { peer == Self.unixPeer }

    /// The `peer` of every caller on a unix-domain socket.
    package static let unixPeer = "unix"
}

/// A complete request: a value that may leave its loop.
package struct HTTPRequest: Sendable {
    package var head: RequestHead
    package var body: [UInt8]
    package var trailers: HTTPFields
    package var context: RequestContext

    package init(
        head: RequestHead, body: [UInt8] = [], trailers: HTTPFields = HTTPFields(), context: RequestContext
    ) {
        self.head = head
        self.body = body
        self.trailers = trailers
        self.context = context
    }
}

/// Why the HTTP layer itself turns a request away. The connection closes after all but `handlerBusy`.
package struct HTTPError: Error, Equatable, Sendable {
    /// 400, 408, 413, 414, 417, 421, 431, 501 or 503.
    package var status: Int
    /// The contract's error code: `bad_request`, `request_timeout`, `body_too_large`, `headers_too_large`, ….
    package var code: String
    /// A sentence that names the rule.
    package var message: String

    package init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }
}
