import HTTPServing
import HTTPWire
import Synchronization
import Transport

/// A handler that responds by path.
struct ExampleHandler: HTTPHandler {
    /// Receives what happens, where a test waits for it.
    var events: AsyncStream<String>.Continuation?
    /// Opened to let `/gate` respond.
    var gate: AsyncStream<Void>?
    var file = ""
    /// Called when a file that a response was sent from is closed.
    var onClose: @Sendable () -> Void = {}
    private let count = RequestCount()

    init(events: AsyncStream<String>.Continuation? = nil, gate: AsyncStream<Void>? = nil, file: String = "") {
        self.events = events
        self.gate = gate
        self.file = file
    }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        guard head.hasBody else {
            if let response = immediateResponse(to: head) { return .respond(response) }
            var work = Disposition.run { await respond(to: HTTPRequest(head: head, context: context)) }
            work.endsWithClient = head.query == "wait"
            return work
        }
        return switch head.path {
        case "/five": .collect(limit: 5) { await respond(to: $0) }
        case "/refused": .respond(.text("no", status: 415))
        case "/unread": .run { await respond(to: HTTPRequest(head: head, context: context)) }
        default: .collect(limit: 1 << 20) { await respond(to: $0) }
        }
    }

    private func immediateResponse(to head: RequestHead) -> HTTPResponse? {
        switch head.path {
        case "/now": .text("now \(head.method)")
        case "/count": count.next()
        case "/not-modified": HTTPResponse(status: 304)
        case "/nothing": HTTPResponse(status: 204)
        case "/large": HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 7, count: 8 << 20)))
        case "/cut": cut(head.query ?? "")
        case "/file": fileResponse(head.query ?? "")
        default: nil
        }
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        switch request.head.path {
        case "/gate": await waitAtGate()
        case "/hop": await Task.detached {}.value
        default: break
        }
        let onLoop = loop.isCurrent ? "" : " off the loop"
        return .text("\(request.head.method) \(request.head.path) \(request.body.count)\(onLoop)")
    }

    private func waitAtGate() async {
        events?.yield("asked")
        if let gate { for await _ in gate { break } }
        events?.yield(Task.isCancelled ? "cancelled" : "passed")
    }

    /// The query is the number of bytes after which to cut.
    private func cut(_ query: String) -> HTTPResponse {
        var response = HTTPResponse.text("a body of some length")
        response.cutAfter = Int(query)
        return response
    }

    /// The query is `offset-length`.
    private func fileResponse(_ query: String) -> HTTPResponse {
        let numbers = query.split(separator: "-").compactMap { Int64($0) }
        guard let body = try? OpenedFile.body(file, onClose: onClose) else {
            return .text("no file", status: 404)
        }
        return HTTPResponse(status: 200, body: .file(body, offset: numbers[0], length: numbers[1]))
    }
}
