internal import CrashPoints
internal import HTTPWire
internal import Transport

// From events to responses.
extension HTTP1Connection {
    func begin(_ head: RequestHead) {
        reached(.headParsed)
        let requestID = RequestContext.validID(head.fields["X-Request-Id"]) ?? server.nextRequestID()
        exchange = Exchange(
            requestID: requestID, isHEAD: head.method == "HEAD", keepsAlive: head.keepsAlive,
            isHTTP10: head.isHTTP10, hasUnreadBody: head.hasBody)
        let context = exchangeContext
        let disposition = server.handler.handle(head, context)
        exchange.observer = disposition.observer
        exchange.endsWithClient = disposition.endsWithClient
        switch disposition.action {
        // The end of a request without a body is already known, and `end` will find nothing to do.
        case .respond(let response): respond(response)
        case .prepared(let prepared): respond(prepared)
        case .run(let work): run(work)
        case .collect(let limit, let then):
            guard head.hasBody else {
                return run { await then(HTTPRequest(head: head, context: context)) }
            }
            receiveBody(IncomingRequest(head, context, ReceivedBody(server), then: then), limit: limit)
        }
    }

    private func receiveBody(_ request: IncomingRequest, limit: Int) {
        phase = .body
        incoming = request
        // Before a byte of it is read, and instead of the 100.
        if let length = request.head.contentLength, length > Int64(limit) {
            return refuse(.bodyTooLarge(limit))
        }
        request.body.limit = limit
        if request.head.expectsContinue { server.output.append(contentsOf: HTTP1Writer.continueBytes) }
    }

    func collect(_ bytes: ArraySlice<UInt8>) {
        guard let incoming else { return }
        if incoming.body.exceedsLimit(with: bytes) { return refuse(.bodyTooLarge(incoming.body.limit)) }
        if !incoming.body.append(bytes) { refuse(.tooManyBodies) }
    }

    func end(_ trailers: HTTPFields) {
        guard let incoming = incoming.take() else { return }
        reached(.bodyComplete)
        exchange.hasUnreadBody = false
        let request = HTTPRequest(
            head: incoming.head, body: incoming.body.take(), trailers: trailers, context: incoming.context)
        let then = incoming.then
        run { await then(request) }
    }

    /// Starts the handler's asynchronous work, whose result is the response.
    private func run(_ work: @escaping @Sendable () async -> HTTPResponse) {
        phase = .responding
        let connection = LoopBound(self, on: server.loop)
        task = Task(executorPreference: server.loop.taskExecutor) {
            let response = await work()
            connection.value.receive(response)
        }
    }

    private func receive(_ response: HTTPResponse) {
        // Closed meanwhile: the client is gone.
        guard phase == .responding else { return response.cancelBody() }
        task = nil
        respond(response)
        proceed()
    }

    /// Rejects the request without the handler's decision, and closes.
    func refuse(_ error: HTTPError) {
        if phase != .body {
            // Of this request nothing is known yet.
            exchange = Exchange(
                requestID: server.nextRequestID(), isHEAD: false, keepsAlive: true, hasHead: false)
        }
        lingers = true
        respond(server.handler.reject(error, exchangeContext), closes: true)
    }

    private var exchangeContext: RequestContext {
        var context = io.requestContext
        context.requestID = exchange.requestID
        context.hasHead = exchange.hasHead
        return context
    }
}

// From responses to bytes.
extension HTTP1Connection {
    /// Bodies up to this size are copied behind their head; larger ones are sent from where they are.
    private static var copiedBodyMax: Int { 16 * 1024 }

    private func respond(_ prepared: PreparedResponse) {
        if prepared.content.count > Self.copiedBodyMax { return respond(prepared.response) }
        beginResponse(closes: prepared.response.closes)
        let head = prepared.writeHead(
            date: server.date, requestID: exchange.requestID, closes: phase == .closing,
            into: &server.output)
        if !exchange.isHEAD { server.output.append(contentsOf: prepared.content) }
        if let observer = exchange.observer.take() {
            observed.append(
                observer, status: prepared.response.status, head: head,
                content: exchange.isHEAD ? 0 : Int64(prepared.content.count))
        }
        if server.output.count > 2 * Self.copiedBodyMax { flush() }
    }

    /// Decides what follows the response.
    private func beginResponse(closes: Bool = false) {
        incoming = nil
        let isLast = closes || !exchange.keepsAlive || exchange.hasUnreadBody || server.isDraining
        // A client that asked for the end sends no more than this request; any other one might.
        if isLast, exchange.keepsAlive || exchange.hasUnreadBody { lingers = true }
        phase = isLast ? .closing : .head
    }

    private func respond(_ response: HTTPResponse, closes: Bool = false) {
        beginResponse(closes: closes || response.closes)
        if response.cutAfter != nil { phase = .closing }
        if case .file(let file, let offset, let length) = response.body {
            return respond(response, file, offset: offset, length: length)
        }
        if case .stream(let source) = response.body { return respond(response, streaming: source) }
        if let cut = response.cutAfter { return respond(response, nil, cutAfter: cut) }
        if let throttle = response.throttle { return respond(response, throttle) }
        writeHead(of: response)
        guard case .bytes(let bytes) = response.body, sendsBody(response) else { return }
        if bytes.count > Self.copiedBodyMax { return enqueue(.bytes(bytes, from: 0)) }
        server.output.append(contentsOf: bytes)
        if server.output.count > 2 * Self.copiedBodyMax { flush() }
    }

    /// Responds with part of a file, or with 500 if it cannot be read.
    private func respond(_ response: HTTPResponse, _ file: BodyFile, offset: Int64, length: Int64) {
        do throws(SystemError) {
            let file = try FilePart(file, offset: offset, length: length)
            if let cut = response.cutAfter { return respond(response, file, cutAfter: cut) }
            writeHead(of: response)
            if sendsBody(response) { enqueue(.file(file)) }
        } catch {
            respond(
                server.handler.reject(.fileUnreadable, exchangeContext), closes: phase == .closing)
        }
    }

    private func respond(_ response: HTTPResponse, streaming source: any BodySource) {
        // Without chunks only the end of the connection ends a body of unknown length.
        if exchange.isHTTP10 { phase = .closing }
        writeHead(of: response)
        if sendsBody(response) { beginStreaming(source) } else { source.cancel() }
    }

    private func writeHead(of response: HTTPResponse) {
        var framing = response.framing
        if framing == .chunked, exchange.isHTTP10 { framing = .untilClose }
        var head = ResponseHead(
            status: response.status, fields: response.fields, framing: framing, date: server.date)
        head.requestID = exchange.requestID
        head.closes = phase == .closing
        let start = server.output.count
        HTTP1Writer.writeHead(head, into: &server.output)
        guard let observer = exchange.observer.take() else { return }
        observed.append(
            observer, status: response.status, head: server.output.count - start,
            content: exchange.isHEAD ? 0 : response.contentLength)
    }

    /// Reports the responses that a closing connection has not sent, and the request without a response.
    func abortExchanges() {
        let completion = io.completionOnClose
        observed.end(as: completion, unsent: io.queuedCount + Int64(server.output.count))
        exchange.observer.take()?.exchangeEnded(.unanswered(completion))
    }

    /// RFC 9112 §6.3: a response to HEAD ends with its head.
    private func sendsBody(_ response: HTTPResponse) -> Bool {
        !exchange.isHEAD && response.framing != .none
    }

    /// Sends the first bytes of a response and resets the connection: a fault of the simulator.
    private func respond(_ response: HTTPResponse, _ file: FilePart?, cutAfter count: Int) {
        isTruncated = true
        // Earlier responses are complete.
        flush()
        writeHead(of: response)
        let limit = count + (response.cutsBody ? server.output.count : 0)
        if sendsBody(response), case .bytes(let bytes) = response.body {
            server.output.append(contentsOf: bytes)
        }
        server.output.removeLast(max(0, server.output.count - limit))
        guard let file, sendsBody(response) else { return }
        file.remaining = min(file.remaining, limit - server.output.count)
        enqueue(.file(file))
    }

    /// Sends a response in chunks with a delay before each: a fault of the simulator.
    private func respond(_ response: HTTPResponse, _ throttle: ThrottledBody) {
        // Earlier responses are complete.
        flush()
        writeHead(of: response)
        if sendsBody(response), case .bytes(let bytes) = response.body {
            server.output.append(contentsOf: bytes)
        }
        let bytes = Array(server.output)
        server.clearOutput()
        let next = phase
        // No request is read before the last chunk is sent.
        phase = .responding
        sendLater(bytes[...], throttle, then: next)
    }

    private func sendLater(_ rest: ArraySlice<UInt8>, _ throttle: ThrottledBody, then next: Phase) {
        _ = server.reactor.schedule(after: throttle.delay) { [weak self] in
            self?.sendChunk(of: rest, throttle, then: next)
        }
    }

    private func sendChunk(of bytes: ArraySlice<UInt8>, _ throttle: ThrottledBody, then next: Phase) {
        guard phase == .responding else { return }
        var (rest, throttle) = (bytes, throttle)
        // What the client does not take must not pile up.
        if !isBlocked {
            server.output.append(contentsOf: rest.prefix(throttle.chunkSize))
            rest = rest.dropFirst(throttle.chunkSize)
            if rest.isEmpty {
                let count = min(throttle.padding, Int64(throttle.chunkSize))
                server.output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: Int(count)))
                throttle.padding -= count
            }
        }
        let isWhole = rest.isEmpty && throttle.padding == 0
        if isWhole { phase = next } else { sendLater(rest, throttle, then: next) }
        proceed()
    }
}
