import Gateway
import VideoJobs

/// The values of placeholders, of one notice.
struct NoticeValues {
    private static let promptMax = 80
    private static let errorMax = 300

    private var values: [NoticePlaceholder: NoticeText] = [:]
    let title: String

    /// The value of a placeholder; empty where a subject has none.
    subscript(_ placeholder: NoticePlaceholder) -> NoticeText { values[placeholder] ?? NoticeText() }

    /// - Parameter publicURL: how links of the gateway begin.
    init(_ subject: NoticeSubject, publicURL: String) {
        switch subject {
        case .task(let event, let record):
            title = "Video \(event.rawValue)"
            set(record, publicURL: publicURL)
        case .paused(let halt):
            title = "Submission paused"
            set(.own(halt.explanation), state: subject.event, link: "\(publicURL)/readyz?verbose")
        case .budget(let use):
            title = use.client == nil ? "Spend ceiling nearly reached" : "Budget nearly used up"
            set(Self.sentence(use), state: subject.event, link: "\(publicURL)/v1/usage")
            values[.client] = .own(use.client ?? "")
            values[.price] = .own("$\(Dollars.text(use.used))")
        }
    }

    private init(title: String) { self.title = title }

    /// Returns the values of a test.
    static func test(publicURL: String) -> NoticeValues {
        var values = NoticeValues(title: "Test notice")
        values.set(.own("this receiver works"), state: .completed, link: publicURL)
        values.values[.state] = .own("test")
        values.values[.model] = .own("example-model")
        values.values[.prompt] = .own("an example prompt")
        values.values[.duration] = .own(text(.seconds(83)))
        return values
    }

    /// Sets the values of what concerns no task.
    private mutating func set(_ sentence: NoticeText, state: NoticeEvent, link: String) {
        values = [.state: .own(state.rawValue), .error: sentence, .url: .own(link)]
        setText([.own("\(title): ") + sentence, .own(link)])
    }

    private static func sentence(_ use: BudgetUse) -> NoticeText {
        let whose: NoticeText = .own(use.client.map { "client \($0)" } ?? "all clients")
        let amount = "$\(Dollars.text(use.used)) of $\(Dollars.text(use.limit))"
        return whose + ": \(amount) are spent or reserved, until \(use.period.end.iso8601.prefix(16))Z"
    }

    private mutating func set(_ record: TaskRecord, publicURL: String) {
        let link = "\(publicURL)/v1/tasks/\(record.id)\(record.state == .completed ? "/content" : "")"
        let duration = Self.text(record.updated - record.created)
        let price = record.price == nil ? "" : "$\(Dollars.text(record.consumption))"
        values = [
            .id: .own(record.id.text), .model: .own(record.model), .state: .own(record.state.rawValue),
            .prompt: .foreign(record.promptBeginning?.text), .duration: .own(duration), .price: .own(price),
            .url: .own(link), .error: .foreign(record.failure?.message), .client: .own(record.client),
        ]
        let facts = [duration, price].filter { !$0.isEmpty }.joined(separator: ", ")
        var lines = [.own("\(title): ") + self[.model] + " (\(facts))"]
        if !self[.prompt].isEmpty { lines.append(.own("“") + self[.prompt].prefix(Self.promptMax) + "”") }
        lines.append(self[.error].prefix(Self.errorMax))
        lines.append(.own(link))
        setText(lines)
    }

    private mutating func setText(_ lines: [NoticeText]) {
        let lines = lines.filter { !$0.isEmpty }
        values[.text] = lines.dropFirst().reduce(lines.first ?? NoticeText()) { $0 + "\n" + $1 }
    }

    /// Returns a duration such as `1 h 2 min` or `1 min 23 s`.
    static func text(_ duration: Duration) -> String {
        let seconds = max(0, duration.components.seconds)
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60)
        if hours > 0 { return "\(hours) h \(minutes) min" }
        return minutes > 0 ? "\(minutes) min \(seconds % 60) s" : "\(seconds) s"
    }
}
