internal import CrashPoints
internal import HTTP2Wire
internal import HTTPWire
internal import Transport

// From events to responses.
extension HTTP2Connection {
    /// Handlers at work for one client, beyond which further requests are refused: those of streams that
    /// were reset count too.
    private static var tasksMax: Int { 256 }
    /// Bytes of responses held for one client, beyond which further requests are refused until it takes some.
    private static var heldMax: Int { 1 << 20 }

    func take(_ event: HTTP2Event, in bytes: [UInt8]) {
        switch event {
        case .head(let stream, let head, let isComplete): begin(stream, head, isComplete: isComplete)
        case .rejected(let stream, let violation, let isHEAD):
            // Trailers belong to a request that is being received.
            let exchange = drop(stream)
            exchange?.task?.cancel()
            let error = HTTPError(
                status: violation.status, code: violation.code, message: violation.message)
            let context = exchange?.context ?? headlessContext()
            var target = HTTP2ResponseTarget(stream: stream, context: context, isHEAD: isHEAD)
            target.observer = exchange?.observer
            refuse(error, target)
        case .body(let stream, let range): collect(stream, bytes[range])
        case .end(let stream, let trailers): end(stream, trailers)
        case .closed(let stream, let byClient): drop(stream)?.abandon(as: byClient ? .cancelled : .aborted)
        case .goAwayAcknowledged: if isEnding { endNow() }
        }
    }

    private func begin(_ stream: Int32, _ head: RequestHead, isComplete: Bool) {
        reached(.headParsed)
        times.recordRequest()
        if taskCount >= Self.tasksMax
            || session.bufferedContentBytes > Self.heldMax && session.streamCount > 2
        {
            // RFC 9113 §8.7: the client may send it again.
            return session.reset(stream, .refusedStream)
        }
        let context = makeContext(head.fields["X-Request-Id"])
        let disposition = server.handler.handle(head, context)
        if let response = disposition.responseAtOnce {
            return respond(
                response,
                HTTP2ResponseTarget(
                    stream: stream, context: context, isHEAD: head.method == "HEAD",
                    discardsRequestBody: !isComplete, observer: disposition.observer))
        }
        let exchange = HTTP2Exchange(head, context)
        exchange.hasUnreadBody = !isComplete
        exchange.observer = disposition.observer
        exchange.endsWithClient = disposition.endsWithClient
        begin(stream, exchange, disposition.action)
    }

    private func begin(_ stream: Int32, _ exchange: HTTP2Exchange, _ action: Disposition.Action) {
        let (head, context) = (exchange.head, exchange.context)
        switch action {
        case .respond(let response): respond(response, HTTP2ResponseTarget(stream, exchange))
        case .prepared(let prepared): respond(prepared.response, HTTP2ResponseTarget(stream, exchange))
        case .run(let work): run(work, stream, exchange)
        case .collect(let limit, let then):
            guard exchange.hasUnreadBody else {
                return run({ await then(HTTPRequest(head: head, context: context)) }, stream, exchange)
            }
            exchange.then = then
            receiveBody(stream, exchange, limit: limit)
        }
    }

    private func makeContext(_ requestID: String?) -> RequestContext {
        var context = io.requestContext
        context.requestID = RequestContext.validID(requestID) ?? server.nextRequestID()
        context.isHTTP2 = true
        return context
    }

    /// Returns the context of a request without a valid head.
    private func headlessContext() -> RequestContext {
        var context = makeContext(nil)
        context.hasHead = false
        return context
    }

    private func receiveBody(_ stream: Int32, _ exchange: HTTP2Exchange, limit: Int) {
        let head = exchange.head
        if let length = head.contentLength, length > Int64(limit) {
            return refuse(.bodyTooLarge(limit), HTTP2ResponseTarget(stream, exchange))
        }
        let body = ReceivedBody(server)
        body.limit = limit
        exchange.body = body
        exchanges[stream] = exchange
        if head.expectsContinue { session.sendContinue(stream) }
    }

    private func collect(_ stream: Int32, _ bytes: ArraySlice<UInt8>) {
        guard let exchange = exchanges[stream], let body = exchange.body else {
            return session.discardBytes(bytes.count, of: stream)
        }
        let error: HTTPError? =
            if body.exceedsLimit(with: bytes) {
                .bodyTooLarge(body.limit)
            } else {
                body.append(bytes) ? nil : .tooManyBodies
            }
        if let error {
            drop(stream)
            session.discardBytes(bytes.count, of: stream)
            return refuse(error, HTTP2ResponseTarget(stream, exchange))
        }
        session.isBodyMemoryScarce = server.bodyBudget.isScarce
        if let refused = session.consume(bytes.count, of: stream) {
            exchanges.removeValue(forKey: refused)?.abandon(as: .aborted)
        }
    }

    private func end(_ stream: Int32, _ trailers: HTTPFields) {
        session.releaseBody(stream)
        guard let exchange = exchanges[stream] else { return }
        exchange.hasUnreadBody = false
        guard let body = exchange.body, let then = exchange.then else { return }
        reached(.bodyComplete)
        let request = HTTPRequest(
            head: exchange.head, body: body.take(), trailers: trailers, context: exchange.context)
        run({ await then(request) }, stream, exchange)
    }

    /// Starts the handler's asynchronous work, whose result is the response.
    private func run(
        _ work: @escaping @Sendable () async -> HTTPResponse, _ stream: Int32, _ exchange: HTTP2Exchange
    ) {
        exchanges[stream] = exchange
        taskCount += 1
        let connection = LoopBound(self, on: server.loop)
        exchange.task = Task(executorPreference: server.loop.taskExecutor) {
            let response = await work()
            connection.value.receive(response, for: stream)
        }
    }

    private func receive(_ response: HTTPResponse, for stream: Int32) {
        taskCount -= 1
        // Gone meanwhile: the client lost interest in this one, or is gone itself.
        guard phase == .open, let exchange = exchanges.removeValue(forKey: stream) else {
            return response.cancelBody()
        }
        respond(response, HTTP2ResponseTarget(stream, exchange))
        proceed()
    }

    @discardableResult
    private func drop(_ stream: Int32) -> HTTP2Exchange? {
        session.discardBody(stream)
        return exchanges.removeValue(forKey: stream)
    }

    /// Rejects a request without the handler's decision; the rest of it is dropped.
    private func refuse(_ error: HTTPError, _ target: HTTP2ResponseTarget) {
        var target = target
        target.discardsRequestBody = true
        respond(server.handler.reject(error, target.context), target)
    }

    /// Responds with 408 if a body did not arrive in time.
    func refuseLate(_ stream: Int32) {
        let exchange = drop(stream)
        exchange?.task?.cancel()
        let context = exchange?.context ?? headlessContext()
        let isHEAD = exchange?.head.method == "HEAD"
        var target = HTTP2ResponseTarget(stream: stream, context: context, isHEAD: isHEAD)
        target.observer = exchange?.observer
        refuse(.timeout("the request's body did not come in time"), target)
        session.countAbortedRequest()
    }
}

// From responses to the session.
extension HTTP2Connection {
    private func respond(_ response: HTTPResponse, _ target: HTTP2ResponseTarget) {
        var head = ResponseHead(
            status: response.status, fields: response.fields, framing: response.framing, date: server.date)
        head.requestID = target.context.requestID
        var options = HTTP2ResponseOptions()
        options.discardsRequestBody = target.discardsRequestBody
        var content = HTTP2Session.Content.none
        // RFC 9110 §9.3.2, §15.3.5, §15.4.5: some responses have no content.
        let hasContent = !target.isHEAD && response.framing != .none
        switch response.body {
        case .none: break
        case .bytes(let bytes): if hasContent { content = .bytes(bytes) }
        case .file(let file, let offset, let length):
            guard let part = try? FilePart(file, offset: offset, length: length) else {
                return respond(
                    server.handler.reject(.fileUnreadable, target.context), target)
            }
            if hasContent { content = .read(part) }
        case .stream(let source):
            if hasContent { content = openBody(source, on: target.stream) } else { source.cancel() }
        }
        if let limit = response.cutAfter {
            options.isTruncated = true
            content = content.prefix(limit)
        }
        if let observer = target.observer {
            options.isObserved = true
            observed[target.stream] = ObservedStream(observer: observer, status: response.status)
        }
        // False if the client has reset the stream meanwhile.
        if session.respond(target.stream, head, content, options) { return }
        cancelBody(target.stream)
        observed.removeValue(forKey: target.stream)?.observer.exchangeEnded(.unanswered(.cancelled))
    }
}

extension HTTP2Session.Content {
    /// The simulator's fault: so many bytes of it, and no end.
    fileprivate func prefix(_ count: Int) -> HTTP2Session.Content {
        switch self {
        case .none: return .none
        case .bytes(let bytes): return .bytes(Array(bytes.prefix(count)))
        // Not for a body of unknown length.
        case .stream: return self
        case .read(let source):
            if let file = source as? FilePart { file.remaining = min(file.remaining, count) }
            return self
        }
    }
}

extension FilePart: OutgoingContent {
    func read(_ count: Int, into out: inout [UInt8]) -> Bool {
        guard (try? reader.append(count, from: offset, to: &out)) == true else { return false }
        offset += Int64(count)
        remaining -= count
        return true
    }
}
