/// Limits how many records of one kind are written to the audit in a minute, because each costs a durable
/// write. What is beyond the limit is counted, and written as one record when the minute is over.
struct AuditTally: Sendable {
    /// Records that are counted together: one actor's, of one action, with one outcome or reason.
    struct Kind: Hashable, Sendable {
        var actor: String
        let action: AuditAction
        /// As `AuditDecision.text` spells it.
        let decision: String

        init(_ record: AuditRecord) {
            actor = record.actor
            action = record.action
            decision = record.decision.text
        }
    }

    /// How a record is stored.
    enum Verdict: Equatable, Sendable {
        case write
        /// It is counted, and written with others at this time.
        case count(until: MonotonicTime)
    }

    private struct Entry {
        var begin: MonotonicTime
        var written = 0
        var unwritten = 0
        /// When the unwritten ones are written.
        var due: MonotonicTime?
    }

    /// Records of one kind that are written one by one in a minute.
    static let perMinute = 20
    /// Kinds that are counted apart; further actors are counted together, under `otherActors`.
    static let kindsMax = 1_024
    /// No client can have this name.
    static let otherActors = "*"
    private static let minute = Duration.seconds(60)

    private var entries: [Kind: Entry] = [:]

    /// Counts a record.
    mutating func count(_ record: AuditRecord, at now: MonotonicTime) -> Verdict {
        var kind = Kind(record)
        if entries[kind] == nil, entries.count >= Self.kindsMax {
            entries = entries.filter { now < $0.value.begin + Self.minute || $0.value.unwritten > 0 }
            if entries.count >= Self.kindsMax { kind.actor = Self.otherActors }
        }
        var entry = entries[kind] ?? Entry(begin: now)
        defer { entries[kind] = entry }
        if now >= entry.begin + Self.minute { (entry.begin, entry.written) = (now, 0) }
        guard entry.written < Self.perMinute else {
            entry.unwritten += 1
            let due = entry.due ?? entry.begin + Self.minute
            entry.due = due
            return .count(until: due)
        }
        entry.written += 1
        return .write
    }

    /// Removes and returns the counts that are due, in no order.
    ///
    /// - Parameter now: `nil` for all counts.
    mutating func takeUnwritten(at now: MonotonicTime?) -> [(kind: Kind, count: Int)] {
        var taken: [(kind: Kind, count: Int)] = []
        for (kind, entry) in entries {
            guard let due = entry.due, now.map({ due <= $0 }) ?? true else { continue }
            taken.append((kind, entry.unwritten))
            entries[kind]?.unwritten = 0
            entries[kind]?.due = nil
        }
        return taken
    }

    /// When the next counts are due; `nil` if there are none.
    var nextDue: MonotonicTime? { entries.values.compactMap(\.due).min() }
}
