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
        }
    }

    private mutating func set(_ record: TaskRecord, publicURL: String) {
        let link = "\(publicURL)/v1/tasks/\(record.id)\(record.state == .completed ? "/content" : "")"
        let duration = Self.text(record.updated - record.created)
        let price = record.price == nil ? "" : "$\(Dollars.text(record.consumption))"
        values = [
            .id: .own(record.id.text), .model: .foreign(record.model), .state: .own(record.state.rawValue),
            .prompt: .foreign(record.promptBeginning?.text), .duration: .own(duration), .price: .own(price),
            .url: .own(link), .error: .foreign(record.failure?.message), .client: .foreign(record.client),
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
