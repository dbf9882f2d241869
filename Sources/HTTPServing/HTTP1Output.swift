internal import Transport

// What is to be done next.
extension HTTP1Connection {
    /// Sends what there is to send, takes what was held back meanwhile, and waits for what comes next.
    func proceed() {
        while phase != .closed {
            flush()
            guard phase != .closed, queue.isEmpty, hasUntakenInput else { break }
            takeInput()
        }
        if phase == .closed { return server.output.removeAll(keepingCapacity: true) }
        if queue.isEmpty { endIfDone() }
        if phase != .closed { waitForNext() }
    }

    /// Hands the answers of this turn to the kernel.
    func flush(more: Bool = false) {
        if phase != .closed, !server.output.isEmpty { sendOutput(more: more) }
        server.output.removeAll(keepingCapacity: true)
        if phase != .closed, !queue.isEmpty { sendQueue() }
    }

    /// Lines up a body that is too large to be copied, behind the answers of this turn.
    func enqueue(_ body: OutputQueue.Segment) {
        flush(more: true)
        if phase == .closed { return }
        switch body {
        case .bytes(let bytes, let start): queue.append(bytes, from: start)
        case .file(let part): queue.append(part)
        }
    }

    private func sendOutput(more: Bool) {
        var sent = 0
        if queue.isEmpty {
            switch writeOutput(more: more) {
            case .moved(let count): sent = count
            case .blocked: break
            case .ended, nil: return close()
            }
            hasProgressed = true
        }
        if sent < server.output.count { queue.append(Array(server.output[sent...])) }
    }

    private func writeOutput(more: Bool) -> Progress? {
        do throws(SystemFailure) {
            return try socket?.write(server.output, 0..<server.output.count, more: more)
        } catch { return nil }
    }

    private func sendQueue() {
        guard let outcome = sendToSocket() else { return }
        switch outcome {
        case .emptied: hasProgressed = true
        case .blocked(let progress): hasProgressed = hasProgressed || progress
        case .broken:
            // The head promised more: only a broken connection says that truthfully.
            socket?.resetOnClose()
            close()
        }
    }

    private func sendToSocket() -> OutputQueue.Outcome? {
        guard let socket = socket.take() else { return nil }
        let outcome = queue.send(to: socket)
        self.socket = consume socket
        return outcome
    }

    private func endIfDone() {
        if isCut {
            socket?.resetOnClose()
            return close()
        }
        switch phase {
        case .closing:
            // RFC 9112 §9.6: closing while the client sends would reset the connection, and lose the answer.
            if peerHasEnded || !lingers { return close() }
            socket?.endSending()
            phase = .lingering
        case .head, .body: if peerHasEnded { close() }
        case .answering, .lingering, .closed: break
        }
    }

    private func waitForNext() {
        let next = nextWait
        if next != wait || hasProgressed {
            wait = next
            hasProgressed = false
            setDeadline()
        }
        change(to: nextInterest)
    }

    private var nextWait: Wait {
        if !queue.isEmpty { return .sending }
        return switch phase {
        case .head: holdsInput ? .head : .firstByte
        case .body: .body
        case .answering: .answer
        case .closing: .sending
        case .lingering, .closed: .lingering
        }
    }

    private func setDeadline() {
        switch wait {
        case .firstByte: deadline?.set(afterNanoseconds: server.times.idle)
        case .head: deadline?.set(afterNanoseconds: server.times.header)
        case .body, .sending: deadline?.set(afterNanoseconds: server.times.body)
        case .lingering: deadline?.set(afterNanoseconds: server.times.linger)
        case .answer: deadline?.clear()
        }
    }

    private var nextInterest: Interest {
        if !queue.isEmpty { return .write }
        return switch phase {
        case .head, .body, .lingering: .read
        // Left as it is, which spares two calls in the common case that nothing comes meanwhile.
        case .answering: interest.intersection(.read)
        case .closing, .closed: []
        }
    }

    func change(to interest: Interest) {
        guard interest != self.interest, let watch else { return }
        self.interest = interest
        server.reactor.change(watch, to: interest)
    }
}
