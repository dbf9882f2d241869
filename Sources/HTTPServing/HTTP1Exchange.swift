internal import HTTPWire
internal import Transport

/// A request that is being received or answered.
struct IncomingRequest {
    var head: RequestHead
    var context: RequestContext
    var body: [UInt8] = []
    var bodyLimit = 0
}

// From events to answers.
extension HTTP1Connection {
    func begin(_ head: RequestHead) {
        incoming = IncomingRequest(head: head, context: context(of: head))
        phase = .body
        if head.contentLength != 0 { decideOverBody(head) }
    }

    private func context(of head: RequestHead) -> RequestContext {
        let requestID = RequestContext.saneID(head.fields["X-Request-Id"]) ?? server.nextRequestID()
        return RequestContext(requestID: requestID, peer: peer)
    }

    private func decideOverBody(_ head: RequestHead) {
        guard let context = incoming?.context else { return }
        switch server.handler.bodyPolicy(head, context: context) {
        case .refuse(let response):
            lingers = true
            respond(response, closes: true)
        case .collect(let limit):
            // Before a byte of it is read, and instead of the 100.
            if let length = head.contentLength, length > Int64(limit) { return refuse(.bodyTooLarge(limit)) }
            incoming?.bodyLimit = limit
            if head.expectsContinue { server.output.append(contentsOf: HTTP1Writer.continueBytes) }
        }
    }

    func collect(_ bytes: ArraySlice<UInt8>) {
        guard let held = incoming?.body.count, let limit = incoming?.bodyLimit else { return }
        if held + bytes.count > limit { return refuse(.bodyTooLarge(limit)) }
        incoming?.body.append(contentsOf: bytes)
    }

    func end(_ trailers: HTTPFields) {
        guard let incoming else { return }
        if incoming.head.contentLength == 0,
            let response = server.handler.answerNow(incoming.head, context: incoming.context)
        {
            return respond(response)
        }
        ask(
            HTTPRequest(
                head: incoming.head, body: incoming.body, trailers: trailers, context: incoming.context))
    }

    private func ask(_ request: HTTPRequest) {
        phase = .answering
        incoming?.body = []
        let handler = server.handler
        let connection = LoopBound(self, on: server.loop)
        task = Task(executorPreference: server.loop.taskExecutor) {
            let response = await handler.answer(request)
            connection.value.receiveAnswer(response)
        }
    }

    private func receiveAnswer(_ response: HTTPResponse) {
        // Closed meanwhile: the client is gone.
        guard phase == .answering else { return }
        task = nil
        respond(response)
        proceed()
    }

    /// Answers in place of the handler and closes.
    func refuse(_ refusal: HTTPRefusal) {
        if incoming == nil {
            let head = RequestHead(method: "", path: "", authority: "")
            let context = RequestContext(requestID: server.nextRequestID(), peer: peer)
            incoming = IncomingRequest(head: head, context: context)
        }
        guard let context = incoming?.context else { return }
        lingers = true
        respond(server.handler.refusal(refusal, context: context), closes: true)
    }
}

// From answers to bytes.
extension HTTP1Connection {
    /// Bodies up to this size are copied behind their head; larger ones are sent from where they are.
    private static var copiedBodyMax: Int { 16 * 1024 }

    private func respond(_ response: HTTPResponse, closes: Bool = false) {
        guard let request = incoming else { return }
        incoming = nil
        var response = response
        let file = openFile(&response, request)
        let isLast = closes || server.isDraining || !request.head.keepsAlive
        // A client that asked for the end sends no more; any other one might.
        if isLast, request.head.keepsAlive { lingers = true }
        phase = isLast || response.cutAfter != nil ? .closing : .head
        if let cut = response.cutAfter { return respond(response, file, request, cutAfter: cut) }

        writeHead(response, request, closes: isLast)
        if !response.sendsBody(to: request.head.method) { return }
        if let file { return enqueue(.file(file)) }
        guard case .bytes(let bytes) = response.body else { return }
        if bytes.count > Self.copiedBodyMax { return enqueue(.bytes(bytes, from: 0)) }
        server.output.append(contentsOf: bytes)
        if server.output.count > 2 * Self.copiedBodyMax { flush() }
    }

    private func writeHead(_ response: HTTPResponse, _ request: IncomingRequest, closes: Bool) {
        var head = HTTP1ResponseHead(
            status: response.status, fields: response.fields, framing: response.framing, date: server.date)
        head.requestID = request.context.requestID
        head.closes = closes
        HTTP1Writer.writeHead(head, into: &server.output)
    }

    /// The simulator's fault: so many bytes of the answer, then a reset.
    private func respond(
        _ response: HTTPResponse, _ file: FilePart?, _ request: IncomingRequest, cutAfter limit: Int
    ) {
        isCut = true
        // Answers before this one are whole.
        flush()
        writeHead(response, request, closes: false)
        let sendsBody = response.sendsBody(to: request.head.method)
        if sendsBody, case .bytes(let bytes) = response.body { server.output.append(contentsOf: bytes) }
        server.output.removeLast(max(0, server.output.count - limit))
        guard sendsBody, let file else { return }
        file.remaining = min(file.remaining, limit - server.output.count)
        enqueue(.file(file))
    }

    /// Opens the file of an answer; the answer becomes a 500 where that fails.
    private func openFile(_ response: inout HTTPResponse, _ request: IncomingRequest) -> FilePart? {
        guard case .file(let path, let offset, let length) = response.body else { return nil }
        do throws(SystemFailure) {
            return try FilePart(path: path, offset: offset, length: length)
        } catch {
            response = server.handler.refusal(.fileUnreadable, context: request.context)
            return nil
        }
    }
}

extension HTTPResponse {
    /// RFC 9110 §8.6: no length where no content can be.
    fileprivate var framing: HTTP1ResponseHead.Framing {
        if status < 200 || status == 204 || status == 304 { return .none }
        return switch body {
        case .none: .length(0)
        case .bytes(let bytes): .length(Int64(bytes.count))
        case .file(_, _, let length): .length(length)
        }
    }

    /// RFC 9112 §6.3: an answer to HEAD ends with its head.
    fileprivate func sendsBody(to method: String) -> Bool { method != "HEAD" && framing != .none }
}

extension HTTPRefusal {
    static func timeout(_ message: String) -> HTTPRefusal {
        HTTPRefusal(status: 408, code: "request_timeout", message: message)
    }

    static func bodyTooLarge(_ limit: Int) -> HTTPRefusal {
        HTTPRefusal(
            status: 413, code: "body_too_large", message: "the body is larger than \(limit) bytes")
    }

    static let fileUnreadable = HTTPRefusal(
        status: 500, code: "internal_error", message: "the content cannot be read")
}

extension RequestContext {
    /// The caller's id if it may stand in an answer and a log: 1–128 bytes of visible ASCII.
    fileprivate static func saneID(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return nil }
        return id
    }
}
