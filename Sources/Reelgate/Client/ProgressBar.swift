/// One line that shows a task's progress, for a terminal of a given width.
struct ProgressBar: Equatable, Sendable {
    /// The capabilities of a terminal.
    struct Style: Equatable, Sendable {
        var hasColour: Bool
        /// Whether block characters can be shown.
        var hasBlocks: Bool
    }

    enum Outcome: Sendable {
        case open, good, bad
    }

    var label: String
    /// 0…100
    var percent: Int
    var elapsedSeconds: Int64
    /// How long the task should take; `nil` if that is unknown or does not matter any more.
    var estimatedSeconds: Int64?
    /// Whether it takes longer than most.
    var isSlow = false
    var outcome: Outcome

    private static let widestBar = 40
    private static let narrowestBar = 5

    init(label: String, percent: Int, elapsedSeconds: Int64, outcome: Outcome = .open) {
        self.label = label
        self.percent = min(100, max(0, percent))
        self.elapsedSeconds = max(0, elapsedSeconds)
        self.outcome = outcome
    }

    /// The bar of a task at a time, in seconds since 1970.
    init(_ report: TaskReport, now: Int64) {
        let position = report.queuePosition.map { " #\($0)" } ?? ""
        let outcome: Outcome = report.isOpen ? .open : report.isCompleted ? .good : .bad
        self.init(
            label: report.state + position, percent: report.progress, elapsedSeconds: report.age(now: now),
            outcome: outcome)
        guard report.isOpen else { return }
        estimatedSeconds = report.estimatedSeconds
        isSlow = report.isSlow
    }

    /// The line, never as wide as the terminal: a full last column would make some of them scroll.
    func line(width: Int, style: Style) -> String {
        let left = Self.padded(label, to: 11)
        let share = Self.padded("\(percent)%", to: 4, fromLeft: true)
        let time = Self.text(elapsedSeconds)
        // The estimate is left out where there is no room for it.
        for right in ["\(share)  \(time)\(expectation)", "\(share)  \(time)"] {
            let room = width - 1 - left.count - right.count - 2
            guard room >= Self.narrowestBar else { continue }
            return "\(left) \(bar(min(room, Self.widestBar), style)) \(right)"
        }
        return String("\(label) \(percent)% \(time)".prefix(max(0, width - 1)))
    }

    /// What is known of the task's duration, behind its time so far. An estimate that has passed is none.
    private var expectation: String {
        if isSlow { return ", slow" }
        guard let estimatedSeconds, elapsedSeconds <= estimatedSeconds else { return "" }
        return " of about \(Self.text(estimatedSeconds))"
    }

    private func bar(_ cells: Int, _ style: Style) -> String {
        let full = cells * percent / 100
        let (done, open): (Character, Character) = style.hasBlocks ? ("█", "░") : ("#", "-")
        let text = String(repeating: done, count: full) + String(repeating: open, count: cells - full)
        guard style.hasColour else { return text }
        let colour =
            switch outcome {
            case .open: 36
            case .good: 32
            case .bad: 31
            }
        return "\u{1B}[\(colour)m\(text)\u{1B}[0m"
    }

    private static func text(_ duration: Int64) -> String {
        let (minutes, seconds) = duration.quotientAndRemainder(dividingBy: 60)
        let tail = padded("\(seconds)", to: 2, fromLeft: true, with: "0")
        guard minutes >= 60 else { return "\(minutes):\(tail)" }
        return "\(minutes / 60):\(padded("\(minutes % 60)", to: 2, fromLeft: true, with: "0")):\(tail)"
    }

    private static func padded(
        _ text: String, to width: Int, fromLeft: Bool = false, with padding: Character = " "
    ) -> String {
        let fill = String(repeating: padding, count: max(0, width - text.count))
        return fromLeft ? fill + text : text + fill
    }
}
