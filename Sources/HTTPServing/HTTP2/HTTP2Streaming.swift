internal import HTTP2Wire
internal import Transport

// Responses with a body of unknown length.
extension HTTP2Connection {
    /// Opens a streamed body, as the content of the response on `stream`.
    func openBody(_ source: any BodySource, on stream: Int32) -> HTTP2Session.Content {
        let body = StreamedBody(source, on: server) { [weak self] in self?.bodyWakeup($0, on: stream) }
        bodies[stream] = body
        body.open(on: server)
        return .stream(body)
    }

    private func bodyWakeup(_ wakeup: StreamedBody.Wakeup, on stream: Int32) {
        switch wakeup {
        case .resume: session.resume(stream, at: server.reactor.now)
        case .abort:
            session.abort(stream)
            cancelBody(stream)
        }
        // Once for all streams of the connection that are woken in this turn.
        if isResuming { return }
        isResuming = true
        server.reactor.enqueue { [weak self] in
            self?.isResuming = false
            self?.proceed()
        }
    }

    /// Cancels a body that is not read any more.
    func cancelBody(_ stream: Int32) { bodies.removeValue(forKey: stream)?.cancel() }

    /// Cancels the bodies of streams that have closed, for whatever reason.
    func cancelClosedBodies() {
        for stream in session.takeClosedContents() { cancelBody(stream) }
    }

    /// Cancels all bodies: the connection ends.
    func cancelBodies() {
        let cancelled = bodies.values
        bodies = [:]
        for body in cancelled { body.cancel() }
    }
}
