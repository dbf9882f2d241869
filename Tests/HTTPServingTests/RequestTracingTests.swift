import HTTPServing
import HTTPWire
import Synchronization
import Testing
import Tracing

/// The span of each request.
@Suite struct RequestTracingTests {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"
    private let tracer = Tracer(now: { 1000 }, random: { UInt64.random(in: 1 ... .max) })

    /// Handles a request and ends its exchange. Returns the context that the handler saw.
    @discardableResult
    private func exchange(
        _ head: RequestHead, status: Int? = 200, _ completion: ExchangeOutcome.Completion = .complete,
        adjust: (inout RequestContext) -> Void = { _ in }
    ) -> RequestContext {
        let seen = SeenContext()
        let handler = RequestTracing(
            tracer, beginsTrace: { $0.path != "/polled" }, before: SeeingHandler(seen: seen))
        var context = RequestContext(requestID: "r")
        adjust(&context)
        let disposition = handler.handle(head, context)
        disposition.observer?.exchangeEnded(
            ExchangeOutcome(status: status, bytes: 0, completion: completion))
        return seen.context ?? context
    }

    private func head(
        _ method: String, _ path: String, query: String? = nil, _ fields: [(String, String)] = []
    ) -> RequestHead {
        var all = HTTPFields()
        for field in fields { all.append(field.0, field.1) }
        return RequestHead(method: method, path: path, query: query, authority: "h:8031", fields: all)
    }

    private func text(_ span: Span, _ name: String) -> String? {
        switch span.attributes.first(where: { $0.name == name })?.value {
        case .text(let text): text
        case .integer(let number): "\(number)"
        case .truth(let truth): "\(truth)"
        case nil: nil
        }
    }

    @Test func `a request has a span in the trace of its caller`() throws {
        let context = exchange(
            head(
                "GET", "/v1/tasks/7", query: "token=hidden",
                [("Traceparent", "\(Self.parent)-01"), ("tracestate", "a=1"), ("tracestate", "b=2")]))
        let span = try #require(tracer.takeBatch().first)
        #expect(span.name == "GET /v1/tasks/{id}" && span.kind == .server)
        #expect(span.context == context.span?.context)
        #expect("\(span.context.traceID)" == "0af7651916cd43dd8448eb211c80319c")
        #expect(span.context.state.text == "a=1,b=2")
        #expect(span.parent.map { "\($0)" } == "b7ad6b7169203331")
        let expected = [
            "http.request.method": "GET", "http.route": "/v1/tasks/{id}", "url.path": "/v1/tasks/7",
            "url.scheme": "http", "server.address": "h", "server.port": "8031",
            "network.protocol.version": "1.1", "http.response.status_code": "200",
        ]
        for (name, value) in expected { #expect(text(span, name) == value) }
        #expect(span.attributes.count == expected.count && span.errorType == nil)
    }

    @Test func `a request without a context begins a trace, unless it is polled`() throws {
        exchange(head("POST", "/v1/tasks/7"))
        let span = try #require(tracer.takeBatch().first)
        #expect(span.parent == nil)
        #expect(exchange(head("GET", "/polled")).span == nil)
        exchange(head("POST", "/p", [("traceparent", "00-1-2-01")]))
        #expect(tracer.takeBatch().map(\.parent) == [nil])
    }

    @Test func `the caller's flag counts in both directions`() {
        #expect(exchange(head("POST", "/p", [("traceparent", "\(Self.parent)-00")])).span == nil)
        #expect(tracer.takeBatch() == [])
        #expect(exchange(head("GET", "/polled", [("traceparent", "\(Self.parent)-01")])).span != nil)
        #expect(tracer.takeBatch().count == 1)
    }

    @Test(
        arguments: [
            (200, ExchangeOutcome.Completion.complete, nil), (404, .complete, nil), (503, .complete, "503"),
            (200, .cancelled, nil), (200, .aborted, "aborted"), (nil, .aborted, "aborted"),
            (nil, .cancelled, nil),
        ] as [(Int?, ExchangeOutcome.Completion, String?)])
    func `only failures of this server are errors`(
        _ status: Int?, _ completion: ExchangeOutcome.Completion, _ expected: String?
    ) throws {
        exchange(head("GET", "/v1/tasks/7"), status: status, completion)
        let span = try #require(tracer.takeBatch().first)
        #expect(span.errorType == expected)
        #expect(text(span, "http.response.status_code") == status.map { "\($0)" })
    }

    @Test func `unknown methods, HTTP versions and TLS are named by the conventions`() throws {
        exchange(head("BREW", "/v1/tasks/7")) {
            $0.isHTTP2 = true
            $0.secure = true
        }
        let span = try #require(tracer.takeBatch().first)
        #expect(span.name == "HTTP /v1/tasks/{id}" && text(span, "http.request.method") == "_OTHER")
        #expect(text(span, "network.protocol.version") == "2" && text(span, "url.scheme") == "https")
    }

    @Test(arguments: ["/nothing/sk-hidden", "/v1/tasks/rg_0123456789abcdef0123456789"])
    func `a path that may be a mistake is not recorded`(_ path: String) throws {
        exchange(head("GET", path))
        let span = try #require(tracer.takeBatch().first)
        #expect(text(span, "url.path") == nil)
    }
}

/// The context that a handler has received.
private final class SeenContext: Sendable {
    private let seen = Mutex<RequestContext?>(nil)

    var context: RequestContext? {
        get { seen.withLock { $0 } }
        set { seen.withLock { $0 = newValue } }
    }
}

private struct SeeingHandler: HTTPHandler {
    let seen: SeenContext

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        seen.context = context
        let isTask = head.path.hasPrefix("/v1/tasks/")
        return .respond(HTTPResponse(status: 200), route: isTask ? "/v1/tasks/{id}" : nil)
    }
}
