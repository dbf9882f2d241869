import HTTPServing
import HTTPWire
import Synchronization
import Transport

/// Answers by path.
struct ExampleHandler: HTTPHandler {
    /// Told of what happened, where a test waits for it.
    var events: AsyncStream<String>.Continuation?
    /// What `/gate` waits for.
    var gate: AsyncStream<Void>?
    var file = ""

    func answerNow(_ head: RequestHead, context: RequestContext) -> HTTPResponse? {
        switch head.path {
        case "/now": .text("now \(head.method)")
        case "/count": .text("once")
        case "/not-modified": HTTPResponse(status: 304)
        case "/nothing": HTTPResponse(status: 204)
        case "/large": HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 7, count: 8 << 20)))
        case "/cut": cut(head.query ?? "")
        case "/file": fileAnswer(head.query ?? "")
        default: nil
        }
    }

    func standingQuestion(_ head: RequestHead, context: RequestContext) -> (any StandingQuestion)? {
        head.path == "/count" ? CountingQuestion() : nil
    }

    func bodyPolicy(_ head: RequestHead, context: RequestContext) -> BodyPolicy {
        switch head.path {
        case "/five": .collect(limit: 5)
        case "/refused": .refuse(.text("no", status: 415))
        default: .collect(limit: 1 << 20)
        }
    }

    func answer(_ request: HTTPRequest) async -> HTTPResponse {
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
    private func fileAnswer(_ query: String) -> HTTPResponse {
        let numbers = query.split(separator: "-").compactMap { Int64($0) }
        return HTTPResponse(
            status: 200, body: .file(path: file, offset: numbers[0], length: numbers[1]))
    }
}

/// Answers how often it was asked; every third time it cannot say at once.
private final class CountingQuestion: StandingQuestion {
    private let count = Atomic(0)

    func answer() -> HTTPResponse? {
        let number = count.add(1, ordering: .relaxed).newValue
        return number % 3 == 0 ? nil : .text("again \(number)")
    }
}

extension HTTPResponse {
    static func text(_ text: String, status: Int = 200) -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Content-Type", "text/plain")
        return HTTPResponse(status: status, fields: fields, body: .bytes(Array(text.utf8)))
    }
}
