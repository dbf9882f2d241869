internal import HTTP2Wire

/// What of an HTTP/2 connection is waited for, since when, and until when. In nanoseconds.
struct HTTP2Times {
    /// What is too late.
    enum Fault: Equatable {
        case nothing, idle, head, frame, settings, sending, ending, lingering
    }

    private let limits: Times
    private let startedAt: UInt64
    private var idleSince: UInt64?
    private var frameSince: (count: Int, reading: HTTP2Session.Reading, since: UInt64)?
    private var sendingSince: UInt64?
    private var isUnconfirmed = true
    private var hasAsked = false
    var endingSince: UInt64?
    var lingeringSince: UInt64?
    private var droppedAt: UInt64 = 0
    /// When the streams are looked at next; each has its own time.
    private(set) var streamCheck = UInt64.max

    init(_ limits: Times, at now: UInt64) {
        self.limits = limits
        startedAt = now
    }

    /// Notes how the connection stands.
    mutating func note(_ session: HTTP2Session, isBlocked: Bool, isLingering: Bool, at now: UInt64) {
        if isLingering {
            self = HTTP2Times(limits, at: startedAt, lingeringSince ?? now, droppedAt)
            return
        }
        let isIdle = session.streamCount == 0
        idleSince = isIdle ? idleSince ?? now : nil
        // At the latest when the first of those that begin now can be late.
        streamCheck = isIdle ? .max : min(streamCheck, now + limits.body, session.drainsUntil)
        isUnconfirmed = !session.isConfirmed
        sendingSince = isBlocked ? sendingSince ?? now : nil
        let reading = session.reading
        if reading == .nothing {
            frameSince = nil
        } else if frameSince?.count != session.frameCount || frameSince?.reading != reading {
            // A header block is one, of however many frames.
            let begun = reading == .head && frameSince?.reading == .head ? frameSince?.since : nil
            frameSince = (session.frameCount, reading, begun ?? now)
        }
    }

    private init(_ limits: Times, at now: UInt64, _ lingeringSince: UInt64, _ droppedAt: UInt64) {
        self.init(limits, at: now)
        self.lingeringSince = lingeringSince
        self.droppedAt = droppedAt
        isUnconfirmed = false
    }

    /// Notes that the client did something that shows it is there.
    mutating func noteRequest() {
        idleSince = nil
        hasAsked = true
    }

    /// Records that the client goes on sending what is dropped.
    mutating func noteDropped(at now: UInt64) { droppedAt = now }

    /// When a lingering connection is closed: after silence, and at the latest after the time for a body.
    private func lingeringEnd(_ since: UInt64) -> UInt64 {
        min(max(since, droppedAt) + limits.linger, since + limits.body)
    }

    /// Notes that the kernel took something.
    mutating func noteSent() { sendingSince = nil }

    mutating func checkStreams(at next: UInt64) { streamCheck = next }

    /// When something is too late next.
    var due: UInt64 {
        var due = streamCheck
        if let idleSince { due = min(due, idleSince + limits.idle) }
        if let frameSince { due = min(due, frameSince.since + limit(of: frameSince.reading)) }
        if let sendingSince { due = min(due, sendingSince + limits.body) }
        if isUnconfirmed { due = min(due, startedAt + limits.header) }
        if let endingSince { due = min(due, endingSince + limits.shortLinger) }
        if let lingeringSince { due = min(due, lingeringEnd(lingeringSince)) }
        return due
    }

    /// What is too late now, apart from streams.
    func fault(at now: UInt64) -> Fault {
        if let lingeringSince, now >= lingeringEnd(lingeringSince) { return .lingering }
        if let sendingSince, now >= sendingSince + limits.body { return .sending }
        if let frameSince, now >= frameSince.since + limit(of: frameSince.reading) {
            return frameSince.reading == .head ? .head : .frame
        }
        if isUnconfirmed, now >= startedAt + limits.header { return .settings }
        if let endingSince, now >= endingSince + limits.shortLinger { return .ending }
        if let idleSince, now >= idleSince + limits.idle { return .idle }
        return .nothing
    }

    /// What would be lost if the connection ended now, while it owes no answer.
    var evictionPriority: EvictionPriority {
        if let frameSince, frameSince.reading == .head {
            return EvictionPriority(loss: .head, since: frameSince.since)
        }
        if let idleSince {
            return EvictionPriority(loss: hasAsked ? .keptConnection : .nothing, since: idleSince)
        }
        return EvictionPriority(loss: .body, since: startedAt)
    }

    private func limit(of reading: HTTP2Session.Reading) -> UInt64 {
        reading == .head ? limits.header : limits.body
    }
}
