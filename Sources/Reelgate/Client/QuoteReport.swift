import GatewayProtocol
import HTTPFetching
import JSONText
import VideoJobs

/// A quote, as a gateway sends it.
struct QuoteReport: Sendable {
    private let json: JSONValue
    /// One line for each reason why the job would be refused.
    let issues: [String]

    /// `nil` unless the response is a quote.
    init?(_ response: FetchResponse) {
        guard response.status == 200, let json = try? JSONValue(parsing: response.body),
            json[QuoteMember.object]?.string == "quote"
        else { return nil }
        self.json = json
        issues = GatewayProblem(response).issues
    }

    /// The quote as one JSON line.
    var line: String { String(decoding: json.serialized(), as: UTF8.self) }

    /// The quote for a person.
    var lines: [String] {
        let price = json[QuoteMember.price]?[QuoteMember.microdollars]?.integer
        var lines = ["Price: \(price.map(Self.dollars) ?? "unknown")"]
        if let before = json[QuoteMember.budget]?[QuoteMember.before]?.integer,
            let after = json[QuoteMember.budget]?[QuoteMember.after]?.integer
        {
            lines.append("Budget left: \(Self.dollars(before)), with this job \(Self.dollars(after))")
        }
        if issues.isEmpty {
            let position = json[QuoteMember.queuePosition]?.integer
            lines.append("Queue: \(position.map { "position \($0)" } ?? "sent at once")")
        }
        if let seconds = json[QuoteMember.estimatedTime]?.integer {
            lines.append("Estimated time: \(seconds) s")
        }
        return lines
    }

    private static func dollars(_ amount: Int64) -> String { "$\(Dollars.text(amount))" }
}

extension JSONValue {
    fileprivate subscript(member: QuoteMember) -> JSONValue? { self[member.rawValue] }
}
