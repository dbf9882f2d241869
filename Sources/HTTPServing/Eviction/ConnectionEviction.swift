internal import HTTP2Wire

// Eviction of connections: what it costs, and how it is done.

extension HTTP1Connection {
    var evictionPriority: EvictionPriority? {
        guard isAdmitted else { return nil }
        if let streaming { return streaming.body.evictionPriority }
        guard let due = io.deadlineDue else { return nil }
        return switch wait {
        case .firstByte:
            // Without a request there is no request id.
            EvictionPriority(
                cost: exchange.requestID.isEmpty ? .nothing : .keptConnection,
                since: due &- server.times.idle)
        case .lingering: EvictionPriority(cost: .nothing, since: io.linger?.since ?? 0)
        case .head: EvictionPriority(cost: .head, since: due &- server.times.header)
        case .body: EvictionPriority(cost: .body, since: due &- server.times.body)
        case .response, .sending: nil
        }
    }

    /// A client that has sent part of a request gets 503.
    func evict() {
        if streaming != nil { return evictStreaming() }
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
        case .open: session.hasPendingRequests ? nil : openPriority
        case .lingering: EvictionPriority(cost: .nothing, since: io.linger?.since ?? 0)
        case .closed: nil
        }
    }

    private var openPriority: EvictionPriority? {
        guard let oldest = bodies.values.min(by: { $0.startedAt < $1.startedAt }) else {
            return times.evictionPriority
        }
        return bodies.values.allSatisfy(\.source.isEvictable) ? oldest.evictionPriority : nil
    }

    func evict() {
        session.terminate(.none)
        flush()
        close()
    }
}

extension StreamedBody {
    /// Eviction priority of a connection that sends only this body; `nil` if it must not be evicted.
    var evictionPriority: EvictionPriority? {
        source.isEvictable ? EvictionPriority(cost: .stream, since: startedAt) : nil
    }
}
