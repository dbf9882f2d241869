import HTTPServing
import HTTPWire
import ProcessTestSupport
import TLS
import Testing
import Transport

/// Answers with properties of the request.
struct EchoHandler: HTTPHandler {
    /// Called for each request; the response then waits for the gate.
    var events: AsyncStream<String>.Continuation?
    var gate: AsyncStream<Void>?
    var file = ""

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        if !head.hasBody, let response = immediateResponse(to: head, context) { return .respond(response) }
        return .collect(limit: 64 * 1024) { await respond(to: $0) }
    }

    private func immediateResponse(to head: RequestHead, _ context: RequestContext) -> HTTPResponse? {
        switch head.path {
        case "/now": .text("now \(context.secure) \(context.certifiedName ?? "-")\n")
        case "/large": HTTPResponse(status: 200, body: .bytes([UInt8](repeating: 120, count: 4 << 20)))
        case "/file": fileResponse
        default: nil
        }
    }

    private var fileResponse: HTTPResponse {
        guard let opened = try? OpenedFile(file) else { return .text("no file\n") }
        return HTTPResponse(status: 200, body: .file(opened.body, offset: 3, length: 1_000_000))
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse {
        events?.yield(request.head.path)
        if request.head.path == "/gate", let gate { for await _ in gate { break } }
        return .text("\(request.head.method) \(request.body.count)\n")
    }
}

/// An open file, for one response.
private final class OpenedFile: Sendable {
    private let file: OpenFile

    init(_ path: String) throws(SystemError) { file = try OpenFile(path) }

    var body: BodyFile {
        BodyFile(fileDescriptor: file.reader.fileDescriptor, size: file.size, owner: self)
    }
}
