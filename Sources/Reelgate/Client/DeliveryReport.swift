import GatewayProtocol
import JSONText

/// A webhook or a notice, as the gateway reports it.
struct DeliveryReport: Equatable, Sendable {
    let json: JSONValue
    let id: String
    let type: String
    /// The file with the URL of a notice's receiver; `nil` of a webhook.
    let urlFile: String?
    let state: String
    let next: Int64?
    let attempts: [JSONValue]

    init?(_ json: JSONValue) {
        guard let id = json[DeliveryMember.id]?.string, let type = json[DeliveryMember.type]?.string,
            let state = json[DeliveryMember.state]?.string
        else { return nil }
        self.json = json
        self.id = id
        self.type = type
        urlFile = json[DeliveryMember.urlFile]?.string
        self.state = state
        next = json[DeliveryMember.next]?.integer
        attempts = json[DeliveryMember.attempts]?.array ?? []
    }

    /// Prints deliveries: a line for each attempt on a terminal, a JSON line for each delivery otherwise.
    static func print(_ deliveries: [DeliveryReport]) {
        let isTerminal = StandardStream.output.isTerminal
        let lines =
            isTerminal
            ? self.lines(deliveries)
            : deliveries.map { String(decoding: $0.json.serialized(), as: UTF8.self) }
        for line in lines { StandardStream.output.line(line) }
        if deliveries.isEmpty {
            StandardStream.error.line("note: the task has no webhook and no notice, or has not ended")
        }
    }

    /// Returns the lines, the first with the column names.
    static func lines(_ deliveries: [DeliveryReport]) -> [String] {
        TextTable.lines([["TIME", "TO", "TYPE", "ATTEMPT", "RESULT", "MS"]] + deliveries.flatMap(\.rows))
    }

    private var rows: [[String]] {
        var rows = attempts.map { attempt in
            [
                attempt[DeliveryMember.at]?.integer.map(TaskTable.timestamp) ?? "-", receiver, type,
                attempt[DeliveryMember.number]?.integer.map { "\($0)" } ?? "-", Self.result(of: attempt),
                attempt[DeliveryMember.milliseconds]?.integer.map { "\($0)" } ?? "-",
            ]
        }
        let time = next.map { "next \(TaskTable.timestamp($0))" } ?? "-"
        if state != "delivered" { rows.append([time, receiver, type, "-", state, "-"]) }
        return rows
    }

    private var receiver: String { urlFile.map(PrintableText.line) ?? "webhook" }

    private static func result(of attempt: JSONValue) -> String {
        if let status = attempt[DeliveryMember.status]?.integer { return "HTTP \(status)" }
        return attempt[DeliveryMember.error]?.string.map(PrintableText.line) ?? "-"
    }
}
