import HTTPServing
import HTTPWire

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
