internal import CrashPoints
internal import TLS
internal import Transport

// What is to be done next.
extension HTTP1Connection {
    /// Sends what there is to send, takes what was held back meanwhile, and waits for what comes next.
    func proceed() {
        while phase != .closed {
            flush()
            guard phase != .closed, !isBlocked, hasUntakenInput else { break }
            takeInput()
        }
        if phase == .closed { return server.clearOutput() }
        if !isBlocked { endIfDone() }
        if phase != .closed { waitForNext() }
    }

    /// Hands the answers of this turn to the kernel.
    func flush(more: Bool = false) {
        if phase != .closed { sendOutput(more: more) }
        if phase != .closed, isBlocked { sendQueue() }
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
        guard let rest = write(server.output, more: more) else { return close() }
        if !rest.isEmpty { queue.append(rest) }
        server.clearOutput()
    }

    /// Returns what the kernel did not take; `nil` if the connection is dead.
    private func write(_ bytes: [UInt8], more: Bool) -> [UInt8]? {
        if bytes.isEmpty { return [] }
        if isBlocked { return Self.copy(bytes[...]) }
        hasProgressed = true
        do throws(SystemError) {
            switch try stream?.write(bytes, 0..<bytes.count, more: more) {
            case .moved(let count):
                reached(.answerWritten)
                return count == bytes.count ? [] : Self.copy(bytes[count...])
            case .blocked: return Self.copy(bytes[...])
            case .ended, nil: return nil
            }
        } catch { return nil }
    }

    /// A copy that shares nothing: the buffer of the loop is larger, and wanted for others.
    private static func copy(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        copy.append(contentsOf: bytes)
        return copy
    }

    private func sendQueue() {
        guard let outcome = sendToSocket() else { return }
        switch outcome {
        case .emptied: hasProgressed = true
        case .blocked(let progress): hasProgressed = hasProgressed || progress
        case .broken:
            // The head promised more: only a broken connection says that truthfully.
            stream?.resetOnClose()
            close()
        }
    }

    private func sendToSocket() -> OutputQueue.Outcome? {
        guard let stream = stream.take() else { return nil }
        let outcome = queue.send(to: stream)
        self.stream = consume stream
        return outcome
    }

    private func endIfDone() {
        if isCut {
            stream?.resetOnClose()
            return close()
        }
        switch phase {
        case .closing:
            // RFC 9112 §9.6: closing while the client sends would reset the connection, and lose the answer.
            if peerHasEnded || !lingers { return close() }
            stream?.endSending()
            phase = .lingering
            lingeringSince = server.reactor.now
        case .head, .body: if peerHasEnded { close() }
        case .answering, .lingering, .closed: break
        }
    }

    private func waitForNext() {
        let next = nextWait
        if next == .sending, next != wait {
            let patience = server.times.sending(queue.count)
            sendingEnds = server.reactor.now &+ patience
        }
        if next != wait || hasProgressed {
            wait = next
            hasProgressed = false
            setDeadline()
        }
        change(to: nextInterest)
        if interest == .read { readHeldInput() }
    }

    /// Reads in a later turn what TLS took from the socket already: no readiness tells of it.
    func readHeldInput() {
        guard stream?.holdsInput == true else { return }
        server.reactor.enqueue { [weak self] in self?.isReady(for: .read) }
    }

    private var nextWait: Wait {
        if isBlocked { return .sending }
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
        case .body: deadline?.set(afterNanoseconds: server.times.body)
        case .sending:
            // Some progress at each turn is not enough: so a client could hold a connection for ever.
            let now = server.reactor.now
            let left = sendingEnds > now ? sendingEnds - now : 0
            deadline?.set(afterNanoseconds: min(server.times.body, left))
        case .lingering:
            let silence = server.isDraining ? server.times.shortLinger : server.times.linger
            let (end, now) = (lingeringSince &+ server.times.body, server.reactor.now)
            deadline?.set(afterNanoseconds: min(silence, end > now ? end - now : 0))
        case .answer: deadline?.clear()
        }
    }

    private var nextInterest: Interest {
        if isBlocked { return .write }
        return switch phase {
        case .head, .body, .lingering: stream?.interestToRead ?? .read
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
