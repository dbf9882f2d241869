internal import CrashPoints
internal import HTTP2Wire
internal import TLS
internal import Transport

// What is sent, and what is too late.
extension HTTP2Connection {
    /// What is made at once of frames, and what is sent in one turn: a fast reader of a large file must not
    /// hold up the others.
    private static var pieceMax: Int { 64 * 1024 }
    private static var turnMax: Int { 1 << 20 }

    /// Hands the kernel what it takes.
    func flush() {
        hasMore = false
        if isBlocked { sendQueue() }
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
        defer { server.clearOutput() }
        let count = server.output.count
        do throws(SystemError) {
            switch try stream?.write(server.output, 0..<count) {
            case .moved(let moved):
                reached(.answerWritten)
                times.noteSent()
                if moved < count { queue.append(Array(server.output[moved...])) }
            case .blocked: queue.append(Array(server.output))
            case .ended, nil: close()
            }
        } catch { close() }
    }

    private func sendQueue() {
        guard let stream = stream.take() else { return }
        let outcome = queue.send(to: stream)
        self.stream = consume stream
        switch outcome {
        case .emptied, .blocked(progress: true): times.noteSent()
        case .blocked: break
        case .broken: close()
        }
    }

    /// Takes no further request: the client knows, or had the time to.
    func endNow() {
        guard times.endingSince != nil else { return }
        times.endingSince = nil
        session.end()
    }

    /// Looks for what is too late, and ends it.
    func timeIsUp() {
        let now = server.reactor.now
        switch times.fault(at: now) {
        case .nothing: checkStreams(at: now)
        case .idle: session.terminate(.none)
        case .settings: session.terminate(.settingsTimeout)
        case .head, .frame: session.terminate(.enhanceYourCalm)
        case .ending: endNow()
        case .sending:
            // A plain close would leave what the client does not take with the kernel.
            stream?.resetOnClose()
            return close()
        case .lingering: return close()
        }
        if session.endCode != nil { giveUp() }
        proceed()
    }

    private func checkStreams(at now: UInt64) {
        let (late, next) = session.overdue(at: now)
        times.checkStreams(at: min(next, now + server.times.body))
        for (stream, isAnswered) in late {
            if !isAnswered {
                refuseLate(stream)
            } else if now - session.takenAt >= server.times.body {
                // It takes nothing at all.
                return session.terminate(.enhanceYourCalm)
            } else {
                session.expel(stream)
            }
        }
    }
}
