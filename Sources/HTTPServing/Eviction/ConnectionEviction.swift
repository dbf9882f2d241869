internal import HTTP2Wire

// Eviction of connections: what it costs, and how it is done.

extension HTTP1Connection {
    var evictionPriority: EvictionPriority? {
        guard isAdmitted, let due = io.deadlineDue else { return nil }
        return switch wait {
        case .firstByte:
            // Without a request there is no request id.
            EvictionPriority(
                cost: exchange.requestID.isEmpty ? .nothing : .keptConnection,
                since: due &- server.times.idle)
        case .lingering: EvictionPriority(cost: .nothing, since: io.linger?.since ?? 0)
        case .head: EvictionPriority(cost: .head, since: due &- server.times.header)
        case .body: EvictionPriority(cost: .body, since: due &- server.times.body)
        case .answer, .sending: nil
        }
    }

    /// A client that has sent part of a request gets 503.
    func evict() {
        closeIfIdle()
        guard wait == .head || wait == .body || wait == .lingering else { return }
        if wait != .lingering { rejectOverLimit() }
        close()
    }
}

extension HTTP2Connection {
    var evictionPriority: EvictionPriority? {
        guard isAdmitted else { return nil }
        return switch phase {
        case .open: session.hasUnansweredRequests ? nil : times.evictionPriority
        case .lingering: EvictionPriority(cost: .nothing, since: io.linger?.since ?? 0)
        case .closed: nil
        }
    }

    func evict() {
        session.terminate(.none)
        flush()
        close()
    }
}
