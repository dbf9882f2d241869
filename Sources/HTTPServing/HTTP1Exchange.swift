internal import CrashPoints
internal import HTTPWire
internal import Transport

/// A request whose body is being received.
final class IncomingRequest {
    let head: RequestHead
    let context: RequestContext
    let body: ReceivedBody

    init(_ head: RequestHead, _ context: RequestContext, _ body: ReceivedBody) {
        self.head = head
        self.context = context
        self.body = body
    }
}

/// What an answer needs to know of its request.
struct Exchange {
    let requestID: String
    let isHEAD: Bool
    let keepsAlive: Bool
}

/// A question that the client repeats, and what of its head the answers need.
struct Standing {
    let question: any StandingQuestion
    /// The caller's own, if it sent one.
    let requestID: String?
    let isHEAD: Bool
}

// From events to answers.
extension HTTP1Connection {
    func begin(_ head: RequestHead, isRepeated: Bool) {
        reached(.headParsed)
        if let response = repeatedAnswer(head, isRepeated) { return respond(response) }
        let requestID = RequestContext.saneID(head.fields["X-Request-Id"]) ?? server.nextRequestID()
        let context = context(requestID: requestID)
        exchange = Exchange(
            requestID: requestID, isHEAD: head.method == "HEAD", keepsAlive: head.keepsAlive)
        guard head.contentLength == 0 else {
            phase = .body
            incoming = IncomingRequest(head, context, ReceivedBody(server))
            return decideOverBody(head, context)
        }
        // The end of such a request is already known, and `end` will find nothing to do.
        if let response = server.handler.answerNow(head, context: context) { return respond(response) }
        ask(HTTPRequest(head: head, context: context))
    }

    /// The answer to a question that the client asks over and over.
    private func repeatedAnswer(_ head: RequestHead, _ isRepeated: Bool) -> HTTPResponse? {
        guard isRepeated else {
            standing = nil
            return nil
        }
        if standing == nil,
            let question = server.handler.standingQuestion(head, context: context(requestID: ""))
        {
            standing = Standing(
                question: question, requestID: RequestContext.saneID(head.fields["X-Request-Id"]),
                isHEAD: head.method == "HEAD")
        }
        guard let standing, let response = standing.question.answer() else { return nil }
        // Only heads that keep the connection are known as repeated.
        exchange = Exchange(
            requestID: standing.requestID ?? server.nextRequestID(), isHEAD: standing.isHEAD,
            keepsAlive: true)
        return response
    }

    private func decideOverBody(_ head: RequestHead, _ context: RequestContext) {
        switch server.handler.bodyPolicy(head, context: context) {
        case .refuse(let response):
            lingers = true
            respond(response, closes: true)
        case .collect(let limit):
            // Before a byte of it is read, and instead of the 100.
            if let length = head.contentLength, length > Int64(limit) { return refuse(.bodyTooLarge(limit)) }
            incoming?.body.limit = limit
            if head.expectsContinue { server.output.append(contentsOf: HTTP1Writer.continueBytes) }
        }
    }

    func collect(_ bytes: ArraySlice<UInt8>) {
        guard let incoming else { return }
        if incoming.body.exceedsLimit(with: bytes) { return refuse(.bodyTooLarge(incoming.body.limit)) }
        if !incoming.body.append(bytes) { refuse(.tooManyBodies) }
    }

    func end(_ trailers: HTTPFields) {
        guard let request = incoming.take() else { return }
        reached(.bodyComplete)
        ask(
            HTTPRequest(
                head: request.head, body: request.body.take(), trailers: trailers, context: request.context))
    }

    private func ask(_ request: HTTPRequest) {
        phase = .answering
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
    func refuse(_ refusal: HTTPError) {
        if phase != .body {
            // Of this request nothing is known yet.
            exchange = Exchange(requestID: server.nextRequestID(), isHEAD: false, keepsAlive: true)
        }
        lingers = true
        respond(server.handler.refusal(refusal, context: answeredContext), closes: true)
    }

    private var answeredContext: RequestContext { context(requestID: exchange.requestID) }

    private func context(requestID: String) -> RequestContext {
        RequestContext(requestID: requestID, peer: peer, secure: isSecure, certifiedName: certifiedName)
    }
}

// From answers to bytes.
extension HTTP1Connection {
    /// Bodies up to this size are copied behind their head; larger ones are sent from where they are.
    private static var copiedBodyMax: Int { 16 * 1024 }

    private func respond(_ response: HTTPResponse, closes: Bool = false) {
        incoming = nil
        let isLast = closes || response.closes || !exchange.keepsAlive || server.isDraining
        // A client that asked for the end sends no more; any other one might.
        if isLast, exchange.keepsAlive { lingers = true }
        phase = isLast || response.cutAfter != nil ? .closing : .head
        if case .file(let path, let offset, let length) = response.body {
            return respond(response, FilePart.Place(path: path, offset: offset, length: length))
        }
        if let cut = response.cutAfter { return respond(response, nil, cutAfter: cut) }
        if let trickle = response.trickle { return respond(response, trickle) }
        writeHead(of: response)
        guard case .bytes(let bytes) = response.body, sendsBody(response) else { return }
        if bytes.count > Self.copiedBodyMax { return enqueue(.bytes(bytes, from: 0)) }
        server.output.append(contentsOf: bytes)
        if server.output.count > 2 * Self.copiedBodyMax { flush() }
    }

    /// Answers with part of a file, or 500 where that cannot be.
    private func respond(_ response: HTTPResponse, _ place: FilePart.Place) {
        do throws(SystemError) {
            let file = try FilePart(place)
            if let cut = response.cutAfter { return respond(response, file, cutAfter: cut) }
            writeHead(of: response)
            if sendsBody(response) { enqueue(.file(file)) }
        } catch {
            respond(
                server.handler.refusal(.fileUnreadable, context: answeredContext), closes: phase == .closing)
        }
    }

    private func writeHead(of response: HTTPResponse) {
        var head = ResponseHead(
            status: response.status, fields: response.fields, framing: response.framing, date: server.date)
        head.requestID = exchange.requestID
        head.closes = phase == .closing
        HTTP1Writer.writeHead(head, into: &server.output)
    }

    /// RFC 9112 §6.3: an answer to HEAD ends with its head.
    private func sendsBody(_ response: HTTPResponse) -> Bool {
        !exchange.isHEAD && response.framing != .none
    }

    /// The simulator's fault: so many bytes of the answer, then a reset.
    private func respond(_ response: HTTPResponse, _ file: FilePart?, cutAfter limit: Int) {
        isTruncated = true
        // Answers before this one are whole.
        flush()
        writeHead(of: response)
        if sendsBody(response), case .bytes(let bytes) = response.body {
            server.output.append(contentsOf: bytes)
        }
        server.output.removeLast(max(0, server.output.count - limit))
        guard let file, sendsBody(response) else { return }
        file.remaining = min(file.remaining, limit - server.output.count)
        enqueue(.file(file))
    }

    /// The simulator's fault: the answer in pieces, a pause before each.
    private func respond(_ response: HTTPResponse, _ trickle: ThrottledBody) {
        // Answers before this one are whole.
        flush()
        writeHead(of: response)
        if sendsBody(response), case .bytes(let bytes) = response.body {
            server.output.append(contentsOf: bytes)
        }
        let bytes = Array(server.output)
        server.clearOutput()
        let next = phase
        // Nothing further is read before the last piece has gone.
        phase = .answering
        sendLater(bytes[...], trickle, then: next)
    }

    private func sendLater(_ rest: ArraySlice<UInt8>, _ trickle: ThrottledBody, then next: Phase) {
        _ = server.reactor.schedule(after: trickle.pause) { [weak self] in
            self?.sendPiece(of: rest, trickle, then: next)
        }
    }

    private func sendPiece(of bytes: ArraySlice<UInt8>, _ trickle: ThrottledBody, then next: Phase) {
        guard phase == .answering else { return }
        var (rest, trickle) = (bytes, trickle)
        // What the client does not take must not pile up.
        if !isBlocked {
            server.output.append(contentsOf: rest.prefix(trickle.piece))
            rest = rest.dropFirst(trickle.piece)
            if rest.isEmpty {
                let count = min(trickle.filler, Int64(trickle.piece))
                server.output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: Int(count)))
                trickle.filler -= count
            }
        }
        let isWhole = rest.isEmpty && trickle.filler == 0
        if isWhole { phase = next } else { sendLater(rest, trickle, then: next) }
        proceed()
    }
}

extension HTTPResponse {
    /// RFC 9110 §8.6: no length where no content can be.
    var framing: ResponseHead.Framing {
        if status < 200 || status == 204 || status == 304 { return .none }
        return switch body {
        case .none: .length(0)
        case .bytes(let bytes): .length(Int64(bytes.count) + (trickle?.filler ?? 0))
        case .file(_, _, let length): .length(length)
        }
    }
}

extension HTTPError {
    static func timeout(_ message: String) -> HTTPError {
        HTTPError(status: 408, code: "request_timeout", message: message)
    }

    static func bodyTooLarge(_ limit: Int) -> HTTPError {
        HTTPError(
            status: 413, code: "body_too_large", message: "the body is larger than \(limit) bytes")
    }

    /// The incomplete bodies of all connections together are at their limit.
    static let tooManyBodies = HTTPError(
        status: 503, code: "too_many_bodies", message: "too many requests are being received; try later")

    static let fileUnreadable = HTTPError(
        status: 500, code: "internal_error", message: "the content cannot be read")
}

extension RequestContext {
    /// The caller's id if it may stand in an answer and a log: 1–128 bytes of visible ASCII.
    static func saneID(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count), id.utf8.allSatisfy({ (0x21...0x7e).contains($0) })
        else { return nil }
        return id
    }
}
