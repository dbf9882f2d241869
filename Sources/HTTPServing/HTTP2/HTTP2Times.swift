internal import HTTP2Wire

/// The time limits of an HTTP/2 connection: what is waited for, and since when. In nanoseconds.
struct HTTP2Times {
    /// A time limit that was exceeded.
    enum ExpiredLimit: Equatable {
        case nothing, idle, head, frame, settings, sending, ending
    }

    private let limits: Times
    private let startedAt: UInt64
    private var idleSince: UInt64?
    private var frameSince: (count: Int, reading: HTTP2Session.PartialInput, since: UInt64)?
    private var sendingSince: UInt64?
    private var isUnconfirmed = true
    private var hasRequested = false
    /// When the client was asked for no more requests, until it has acknowledged that.
    var endingSince: UInt64?
    /// When the streams are checked next; each has its own time limit.
    private var streamCheck = UInt64.max

    init(_ limits: Times, at now: UInt64) {
        self.limits = limits
        startedAt = now
    }

    /// Starts and stops time limits as the state of the connection demands.
    mutating func update(_ session: HTTP2Session, isBlocked: Bool, at now: UInt64) {
        let isIdle = session.streamCount == 0
        idleSince = isIdle ? idleSince ?? now : nil
        // At the latest when the first of those that begin now can be late.
        streamCheck = isIdle ? .max : min(streamCheck, now + limits.body, session.earliestDrainDeadline)
        isUnconfirmed = !session.settingsAcknowledged
        sendingSince = isBlocked ? sendingSince ?? now : nil
        let reading = session.partialInput
        if reading == .nothing {
            frameSince = nil
        } else if frameSince?.count != session.frameCount || frameSince?.reading != reading {
            // A header block is one, of however many frames.
            let begun = reading == .head && frameSince?.reading == .head ? frameSince?.since : nil
            frameSince = (session.frameCount, reading, begun ?? now)
        }
    }

    /// Records that the client sent a request.
    mutating func recordRequest() {
        idleSince = nil
        hasRequested = true
    }

    /// Records that the kernel took output.
    mutating func recordSent() { sendingSince = nil }

    /// Schedules the next check of the streams.
    mutating func checkStreams(at next: UInt64) { streamCheck = next }

    /// The earliest time at which a limit is exceeded.
    var due: UInt64 {
        var due = streamCheck
        if let idleSince { due = min(due, idleSince + limits.idle) }
        if let frameSince { due = min(due, frameSince.since + limit(of: frameSince.reading)) }
        if let sendingSince { due = min(due, sendingSince + limits.body) }
        if isUnconfirmed { due = min(due, startedAt + limits.header) }
        if let endingSince { due = min(due, endingSince + limits.shortLinger) }
        return due
    }

    /// Returns the limit that is exceeded now; streams are checked separately.
    func expiredLimit(at now: UInt64) -> ExpiredLimit {
        if let sendingSince, now >= sendingSince + limits.body { return .sending }
        if let frameSince, now >= frameSince.since + limit(of: frameSince.reading) {
            return frameSince.reading == .head ? .head : .frame
        }
        if isUnconfirmed, now >= startedAt + limits.header { return .settings }
        if let endingSince, now >= endingSince + limits.shortLinger { return .ending }
        if let idleSince, now >= idleSince + limits.idle { return .idle }
        return .nothing
    }

    /// Eviction priority of the connection while it owes no response.
    var evictionPriority: EvictionPriority {
        if let frameSince, frameSince.reading == .head {
            return EvictionPriority(cost: .head, since: frameSince.since)
        }
        if let idleSince {
            return EvictionPriority(cost: hasRequested ? .keptConnection : .nothing, since: idleSince)
        }
        return EvictionPriority(cost: .body, since: startedAt)
    }

    private func limit(of reading: HTTP2Session.PartialInput) -> UInt64 {
        reading == .head ? limits.header : limits.body
    }
}
