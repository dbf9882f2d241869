/// What a handler decides to do about a request, from its head alone.
///
/// Not copyable, so that middleware passes it on: a copy for each would retain all its parts.
package struct Disposition: ~Copyable, Sendable {
    /// How the response is produced.
    package enum Action: Sendable {
        /// Respond in this turn of the loop. A body that the request has is not read: the connection closes
        /// after the response, or over HTTP/2 the rest of the request is dropped.
        ///
        /// Indirect, because a disposition is moved from handler to handler, and a response is large.
        indirect case respond(HTTPResponse)
        /// The same with a response that was rendered before.
        case prepared(PreparedResponse)
        /// Collect the body, at most `limit` bytes (one more is `HTTPError.bodyTooLarge`), then respond
        /// asynchronously. A request without a body has an empty one.
        case collect(limit: Int, then: @Sendable (HTTPRequest) async -> HTTPResponse)
        /// Respond asynchronously without the body, which is not read. Runs on the connection's loop and is
        /// cancelled when the client leaves.
        case run(@Sendable () async -> HTTPResponse)
    }

    package var action: Action
    /// The pattern of the route that was found, such as `/v1/tasks/{id}`, for the log.
    package var route: String?
    /// The number of the route's path, from 1, for metrics; 0 if no route was found.
    package var routeNumber = 0
    /// The identity that authentication found, for the log.
    package var principal: Principal?
    /// Notified when the response has ended or the client has left.
    package var observer: (any ExchangeObserver)?
    /// Whether the work is cancelled when the client closes its side of the connection. HTTP lets a client
    /// close its side and still read; one that does so while it waits for minutes has left.
    package var endsWithClient = false

    package init(_ action: Action) { self.action = action }

    /// The response that is sent in this turn of the loop; `nil` if it is produced asynchronously.
    package var responseAtOnce: HTTPResponse? {
        switch action {
        case .respond(let response): response
        case .prepared(let prepared): prepared.response
        case .collect, .run: nil
        }
    }

    /// Returns the disposition with a changed response, however it is produced.
    package consuming func changingResponse(
        _ change: @escaping @Sendable (inout HTTPResponse) -> Void
    ) -> Disposition {
        @Sendable func changed(_ response: HTTPResponse) -> HTTPResponse {
            var response = response
            change(&response)
            return response
        }
        var disposition = self
        switch disposition.action {
        case .respond(let response): disposition.action = .respond(changed(response))
        case .prepared(let prepared): disposition.action = .respond(changed(prepared.response))
        case .collect(let limit, let then):
            disposition.action = .collect(limit: limit) { changed(await then($0)) }
        case .run(let work): disposition.action = .run { changed(await work()) }
        }
        return disposition
    }

    /// Responds in this turn of the loop. Takes the response over, because a copy would retain all its parts.
    package static func respond(_ response: consuming HTTPResponse, route: String? = nil) -> Disposition {
        var disposition = Disposition(.respond(response))
        disposition.route = route
        return disposition
    }

    /// Responds in this turn of the loop with a response that was rendered before.
    package init(_ response: PreparedResponse, route: String, number: Int) {
        action = .prepared(response)
        self.route = route
        routeNumber = number
    }

    /// Collects the body, then responds asynchronously.
    package static func collect(
        limit: Int, then: @escaping @Sendable (HTTPRequest) async -> HTTPResponse
    ) -> Disposition {
        Disposition(.collect(limit: limit, then: then))
    }

    /// Responds asynchronously without the body.
    package static func run(_ work: @escaping @Sendable () async -> HTTPResponse) -> Disposition {
        Disposition(.run(work))
    }
}
