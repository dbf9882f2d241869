internal import Transport

// Output, and the next event to wait for.
extension HTTP1Connection {
    /// Sends output, parses input that was held back meanwhile, and waits for the next event.
    func proceed() {
        while phase != .closed {
            flush()
            if phase == .streaming {
                pullBody()
                flush()
            }
            guard phase != .closed, !isBlocked, hasUntakenInput else { break }
            takeInput()
        }
        if phase == .closed { return server.clearOutput() }
        if !isBlocked {
            if !isTruncated { observed.complete(exceptLast: phase == .streaming) }
            endIfDone()
        }
        if phase != .closed { waitForNext() }
    }

    /// Hands the responses of this turn to the kernel.
    func flush(more: Bool = false) {
        if phase != .closed { sendOutput(more: more) }
        if phase != .closed, isBlocked, !io.sendQueue() { close() }
    }

    /// Queues a body that is too large to be copied, behind the responses of this turn.
    func enqueue(_ body: OutputQueue.Segment) {
        flush(more: true)
        if phase != .closed { io.enqueue(body) }
    }

    private func sendOutput(more: Bool) {
        if io.send(server.output, more: more) { server.clearOutput() } else { close() }
    }

    private func endIfDone() {
        if isTruncated {
            io.resetOnClose()
            return close()
        }
        switch phase {
        case .closing:
            if io.peerHasEnded || !lingers { return close() }
            io.beginLinger()
            phase = .lingering
        case .head, .body:
            guard io.peerHasEnded else { return }
            io.clientHasLeft = true
            close()
        case .responding, .streaming, .lingering, .closed: break
        }
    }

    private func waitForNext() {
        let next = nextWait
        if next == .sending, next != wait {
            sendingDeadline = server.reactor.now &+ server.times.sending(io.queuedCount)
        }
        let hasProgressed = io.takeProgress()
        if next != wait || hasProgressed {
            wait = next
            setDeadline()
        }
        io.change(to: nextInterest)
        io.reportHeldInput()
    }

    private var nextWait: Wait {
        if isBlocked || streamsMore { return .sending }
        return switch phase {
        case .head: holdsInput ? .head : .firstByte
        case .body: .body
        case .responding, .streaming: .response
        case .closing: .sending
        case .lingering, .closed: .lingering
        }
    }

    private func setDeadline() {
        let times = server.times
        switch wait {
        case .firstByte: io.setDeadline(afterNanoseconds: times.idle)
        case .head: io.setDeadline(afterNanoseconds: times.header)
        case .body: io.setDeadline(afterNanoseconds: times.body)
        // Progress at each turn is not enough: so a client could hold a connection for ever.
        case .sending: io.setDeadline(at: min(server.reactor.now &+ times.body, sendingDeadline))
        case .lingering:
            let silence = server.isDraining ? times.shortLinger : times.linger
            io.setDeadline(at: io.linger?.end(silence: silence, total: times.body) ?? 0)
        case .response: io.clearDeadline()
        }
    }

    private var nextInterest: Interest {
        if phase == .streaming { return isBlocked || streamsMore ? [.write, .peerEnd] : .peerEnd }
        if isBlocked { return .write }
        return switch phase {
        case .head, .body, .lingering: io.interestToRead
        // Left unchanged, which saves two calls in the common case that nothing arrives meanwhile.
        case .responding: exchange.endsWithClient ? .peerEnd : io.readingInterest
        case .streaming, .closing, .closed: []
        }
    }
}
