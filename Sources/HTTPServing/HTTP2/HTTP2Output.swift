internal import HTTP2Wire
internal import Transport

// Output and time limits.
extension HTTP2Connection {
    /// Bytes of frames that are produced at once, and that are sent in one turn: a fast reader of a large
    /// file must not hold up other clients.
    private static var pieceMax: Int { 64 * 1024 }
    private static var turnMax: Int { 1 << 20 }

    /// Sends as much output as the kernel takes.
    func flush() {
        hasMore = false
        if isBlocked {
            if !io.sendQueue() { close() }
            // A client that takes slowly is blocked again by what follows.
            if phase == .open, !isBlocked { reportEndedResponses() }
        }
        var sent = 0
        while phase == .open, !isBlocked {
            session.send(into: &server.output, upTo: Self.pieceMax, at: server.reactor.now)
            let count = server.output.count
            guard count > 0 else { return }
            let isWhole = count < Self.pieceMax
            write()
            if isWhole { return }
            sent += count
            if sent >= Self.turnMax {
                hasMore = true
                return
            }
        }
    }

    private func write() {
        if !io.send(server.output) { close() }
        server.clearOutput()
    }

    /// Accepts no further requests: the client has acknowledged the GOAWAY, or had the time to.
    func endNow() {
        guard times.endingSince != nil else { return }
        times.endingSince = nil
        session.sendGoAway()
    }

    /// Ends what has exceeded its time limit.
    func deadlineExpired() {
        if phase == .lingering { return close() }
        let now = server.reactor.now
        switch times.expiredLimit(at: now) {
        case .nothing: checkStreams(at: now)
        case .idle: session.terminate(.none)
        case .settings: session.terminate(.settingsTimeout)
        case .head, .frame: session.terminate(.enhanceYourCalm)
        case .ending: endNow()
        case .sending:
            // After a plain close the kernel would keep the output that the client does not take.
            io.resetOnClose()
            return close()
        }
        if session.terminationCode != nil { abandonExchanges(as: .aborted) }
        proceed()
    }

    private func checkStreams(at now: UInt64) {
        let (late, next) = session.overdue(at: now)
        times.checkStreams(at: min(next, now + server.times.body))
        for (stream, hasResponse) in late {
            if !hasResponse {
                refuseLate(stream)
            } else if now - session.lastProgressAt >= server.times.body {
                // The client accepts nothing at all.
                return session.terminate(.enhanceYourCalm)
            } else {
                session.resetStalled(stream)
            }
        }
    }
}
