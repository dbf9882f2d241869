/// The counts of a run of kills.
struct CrashTable: Sendable {
    var kills = 0
    var atPoints = 0
    var whileStarting = 0
    var stores = 0
    var posts = 0
    var accepted = 0
    var completed = 0
    var failed = 0
    var lost = 0
    var boughtTwice = 0
    var other = 0
    /// Uncertain tasks by cause, and how many of them the provider had accepted.
    var uncertain: [UncertainCause: (count: Int, bought: Int)] = [:]
    /// Tasks that were open at a kill and completed by a later gateway.
    var recovered = 0

    static func += (one: inout CrashTable, other: CrashTable) {
        one.kills += other.kills
        one.atPoints += other.atPoints
        one.whileStarting += other.whileStarting
        one.stores += other.stores
        one.posts += other.posts
        one.accepted += other.accepted
        one.completed += other.completed
        one.failed += other.failed
        one.lost += other.lost
        one.boughtTwice += other.boughtTwice
        one.other += other.other
        one.recovered += other.recovered
        for (cause, more) in other.uncertain { one.count(cause, more.count, bought: more.bought) }
    }

    /// Adds the result of comparing one store's ledgers; `kills` are in milliseconds since 1970.
    mutating func count(_ comparison: LedgerComparison, kills: [Int64]) {
        stores += 1
        posts += comparison.clients.jobs.values.reduce(0) { $0 + $1.posts }
        accepted += comparison.store.tasks.count
        for task in comparison.store.tasks.values {
            switch task.state {
            case "completed":
                completed += 1
                if let first = task.events.first, let last = task.events.last,
                    kills.contains(where: { first.at <= $0 && $0 < last.at })
                {
                    recovered += 1
                }
            case "uncertain":
                count(UncertainCause(task), 1, bought: comparison.provider.accepted(of: task.prompt))
            default: failed += 1
            }
        }
        for issue in comparison.issues {
            switch issue.kind {
            case .lost: lost += 1
            case .boughtTwice: boughtTwice += 1
            case .other: other += 1
            }
        }
    }

    private mutating func count(_ cause: UncertainCause, _ count: Int, bought: Int) {
        uncertain[cause, default: (0, 0)].count += count
        uncertain[cause, default: (0, 0)].bought += bought
    }

    var text: String {
        var lines = [
            row(
                "kills", kills,
                "\(atPoints) at crash points, \(whileStarting) while starting, \(stores) stores"),
            row("POSTs sent", posts, ""),
            row("jobs accepted", accepted, ""),
            row("  completed", completed, "bytes match their SHA-256"),
            row("  failed", failed, "reported by the provider"),
            row("  uncertain", uncertain.values.reduce(0) { $0 + $1.count }, "never sent again"),
        ]
        for (cause, number) in uncertain.sorted(by: { $0.value.count > $1.value.count }) {
            lines.append(row("", number.count, "\(cause.message); \(number.bought) of them bought"))
        }
        lines += [
            row("lost", lost, ""), row("bought twice", boughtTwice, ""),
            row("other issues", other, ""),
            row("recovered", recovered, "open at a kill, completed later"),
        ]
        return lines.joined(separator: "\n")
    }

    private func row(_ name: String, _ number: Int, _ note: String) -> String {
        let digits = String(number)
        let gap = String(repeating: " ", count: max(1, 32 - name.count - digits.count))
        return "\(name)\(gap)\(digits)  \(note)"
    }
}
