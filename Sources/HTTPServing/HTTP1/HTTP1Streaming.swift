internal import HTTPWire
internal import Transport

/// A response over HTTP/1.1 whose body is being streamed.
struct HTTP1Streaming {
    let body: StreamedBody
    /// Whether the body has chunks; otherwise it ends with the connection (HTTP/1.0).
    let isChunked: Bool
    /// The phase after the body.
    let nextPhase: HTTP1Connection.Phase
}

// Responses with a body of unknown length.
extension HTTP1Connection {
    private static var chunkMax: Int { 16 * 1024 }
    /// What is gathered before it is sent.
    private static var pieceMax: Int { 64 * 1024 }
    /// What is sent in one turn: a fast reader must not hold up other clients.
    private static var turnMax: Int { 1 << 20 }

    /// Begins a streamed body, after the head of its response. `phase` is what follows the body.
    func beginStreaming(_ source: any BodySource) {
        let body = StreamedBody(source, on: server) { [weak self] in self?.bodyWakeup($0) }
        streaming = HTTP1Streaming(body: body, isChunked: !exchange.isHTTP10, nextPhase: phase)
        phase = .streaming
        body.open(on: server)
        pullBody()
    }

    /// Takes from the source what can be sent now.
    func pullBody() {
        var pulled = 0
        streamsMore = false
        while let streaming, !isBlocked {
            switch streaming.body.read(upTo: Self.chunkMax) {
            case .bytes(let bytes):
                append(bytes, isChunked: streaming.isChunked)
                pulled += bytes.count
                if server.output.count >= Self.pieceMax { flush() }
            case .pending: return
            case .end: return endStreaming(streaming)
            }
            if pulled >= Self.turnMax {
                streamsMore = true
                return
            }
        }
    }

    private func append(_ bytes: ArraySlice<UInt8>, isChunked: Bool) {
        let start = server.output.count
        if isChunked { HTTP1Writer.appendChunkStart(size: bytes.count, to: &server.output) }
        server.output.append(contentsOf: bytes)
        if isChunked { server.output.append(contentsOf: HTTP1Writer.chunkEnd) }
        observed.addContent(bytes.count, framing: server.output.count - start - bytes.count)
        // The output before is not taken yet: what is added must keep to the same minimum rate.
        if wait == .sending { sendingDeadline &+= server.times.transfer(Int64(bytes.count)) }
    }

    private func endStreaming(_ ended: HTTP1Streaming) {
        streaming = nil
        if ended.isChunked { server.output.append(contentsOf: HTTP1Writer.lastChunk) }
        let isLast = ended.nextPhase == .closing || server.isDraining
        if isLast, exchange.keepsAlive { lingers = true }
        phase = isLast ? .closing : .head
    }

    private func bodyWakeup(_ wakeup: StreamedBody.Wakeup) {
        switch wakeup {
        // Else it goes on when the client takes what waits.
        case .resume: if !isBlocked { proceed() }
        case .abort:
            // Only a broken connection says truthfully that the body is incomplete.
            io.resetOnClose()
            close()
        }
    }

    /// Ends the body of a connection that is evicted, in order if the client takes its end at once.
    func evictStreaming() {
        guard let streaming else { return }
        if streaming.isChunked, !isBlocked {
            server.output.append(contentsOf: HTTP1Writer.lastChunk)
            flush()
            server.clearOutput()
            if !isBlocked, phase != .closed { observed.complete(exceptLast: false) }
        }
        close()
    }

    /// Lets a body without end finish, so that its client can connect elsewhere.
    func beginDraining() { streaming?.body.source.beginDraining() }
}
