/// All that can be seen from outside of what came of one job: the state reached, what the client heard, and
/// what the provider's ledger says.
struct Outcome: Equatable, Sendable {
    /// What the client heard.
    struct Heard: Equatable, Sendable {
        var status: Int
        /// The error's code; `nil` for a task.
        var code: String?
        /// The value of `x-should-retry`.
        var shouldRetry: String?
        var hasRetryAfter = false
        /// Whether the answer names the task.
        var namesTask = true
    }

    /// What the provider's ledger says of the job.
    struct Counts: Equatable, Sendable {
        var creates: Int
        /// What would be billed.
        var accepted: Int
    }

    /// The class of the contract's table, as the state and the log show it.
    var verdict: String
    var state: String
    var heard: Heard
    var counts: Counts
    /// For a job that stays queued: the counts when the fault is gone and it runs.
    var mended: Counts?
}

extension Outcome {
    static func accepted(_ creates: Int = 1, _ accepted: Int = 1) -> Outcome {
        Outcome(
            verdict: "accepted", state: "running", heard: Heard(status: 200, shouldRetry: "false"),
            counts: Counts(creates: creates, accepted: accepted))
    }

    /// The provider's status is the client's where the client can mend the job.
    static func refused(_ status: Int) -> Outcome {
        Outcome(
            verdict: "refused", state: "failed",
            heard: Heard(status: status, code: "provider_refused", shouldRetry: "false"),
            counts: Counts(creates: 1, accepted: 0))
    }

    static func unknown(_ creates: Int, accepted: Int) -> Outcome {
        Outcome(
            verdict: "unknown", state: "uncertain",
            heard: Heard(status: 504, code: "outcome_unknown", shouldRetry: "false"),
            counts: Counts(creates: creates, accepted: accepted))
    }

    static func notAccepted(_ code: String) -> Outcome {
        Outcome(
            verdict: "not accepted", state: "queued",
            heard: Heard(status: 503, code: code, shouldRetry: "false", hasRetryAfter: true),
            counts: Counts(creates: 1, accepted: 0), mended: Counts(creates: 2, accepted: 1))
    }

    /// A provider's "too many requests" is ordinary queueing: the client hears of a task that waits.
    static let rateLimited = Outcome(
        verdict: "not accepted", state: "queued", heard: Heard(status: 200, shouldRetry: "false"),
        counts: Counts(creates: 1, accepted: 0), mended: Counts(creates: 2, accepted: 1))

    static let notSent = Outcome(
        verdict: "not sent", state: "queued",
        heard: Heard(
            status: 503, code: "provider_unreachable", shouldRetry: "false", hasRetryAfter: true),
        counts: Counts(creates: 0, accepted: 0), mended: Counts(creates: 1, accepted: 1))
}

/// The table of outcomes, as a page and as text.
struct OutcomeTable {
    static let heading = [
        "fault", "class", "state", "client hears", "x-should-retry", "Retry-After", "task named",
        "creates",
        "accepted", "when mended",
    ]

    var rows: [[String]] = []

    mutating func add(_ fault: String, _ outcome: Outcome) { rows.append(Self.cells(fault, outcome)) }

    /// The lines of a Markdown table, without heading.
    var markdown: [String] { rows.map { "| " + $0.joined(separator: " | ") + " |" } }

    /// Columns under each other.
    var text: String {
        let all = [Self.heading] + rows
        let widths = Self.heading.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            zip(row, widths).map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }
            .joined(separator: "  ")
        }
        .joined(separator: "\n")
    }

    private static func cells(_ fault: String, _ outcome: Outcome) -> [String] {
        let heard = outcome.heard
        let mended = outcome.mended.map {
            "\($0.creates) create\($0.creates == 1 ? "" : "s"), \($0.accepted) accepted"
        }
        return [
            fault, outcome.verdict, outcome.state,
            heard.code.map { "\(heard.status) \($0)" } ?? "\(heard.status) the task",
            heard.shouldRetry ?? "–", heard.hasRetryAfter ? "yes" : "–", heard.namesTask ? "yes" : "no",
            String(outcome.counts.creates), String(outcome.counts.accepted), mended ?? "–",
        ]
    }
}
