/// The table of outcomes, as Markdown and as text.
struct OutcomeTable {
    static let heading = [
        "fault", "class", "state", "response", "x-should-retry", "Retry-After", "task named",
        "creates", "accepted", "after the fault",
    ]

    var rows: [[String]] = []

    mutating func add(_ fault: String, _ outcome: Outcome) { rows.append(Self.cells(fault, outcome)) }

    /// The lines of a Markdown table, without heading.
    var markdown: [String] { rows.map { "| " + $0.joined(separator: " | ") + " |" } }

    /// The text with aligned columns.
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
        let response = outcome.response
        let afterRecovery = outcome.afterRecovery.map {
            "\($0.creates) create\($0.creates == 1 ? "" : "s"), \($0.accepted) accepted"
        }
        return [
            fault, outcome.verdict, outcome.state,
            response.code.map { "\(response.status) \($0)" } ?? "\(response.status) the task",
            response.shouldRetry ?? "–", response.hasRetryAfter ? "yes" : "–",
            response.namesTask ? "yes" : "no",
            String(outcome.counts.creates), String(outcome.counts.accepted), afterRecovery ?? "–",
        ]
    }
}
