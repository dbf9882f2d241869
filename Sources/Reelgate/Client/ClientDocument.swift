import GatewayProtocol
import JSONText
import VideoJobs

/// A client's document, as a gateway sends it.
struct ClientDocument: Sendable {
    let json: JSONValue
    let name: String
    let role: String
    /// In seconds since 1970.
    let created: Int64

    /// `nil` unless it is the document of a client.
    init?(_ json: JSONValue) {
        guard json[ClientMember.object]?.string == "client", let name = json[ClientMember.name]?.string,
            let role = json[ClientMember.role]?.string, let created = json[ClientMember.created]?.integer
        else { return nil }
        self.json = json
        self.name = name
        self.role = role
        self.created = created
    }

    /// The token that was issued with this response.
    var token: String? { json[ClientMember.token]?.string }
    /// The models that it may use; `nil` for all.
    var models: [String]? { json[ClientMember.models]?.array?.compactMap(\.string) }
    /// The tokens, newest first: when each was issued, and when it expires.
    var tokens: [(issued: Int64, expires: Int64?)] {
        (json[ClientMember.tokens]?.array ?? []).compactMap { token in
            token[ClientMember.issued]?.integer.map { ($0, token[ClientMember.expires]?.integer) }
        }
    }

    /// What the gateway says beside the document.
    var warnings: [String] { json[ClientMember.warnings]?.array?.compactMap(\.string) ?? [] }

    /// The limits and the budget as text, with their names.
    var rights: [[String]] {
        let limits = json[ClientMember.limits]
        let names: [(String, ClientMember)] = [
            ("requests per minute", .requestsPerMinute), ("open tasks", .inFlight),
            ("jobs per day", .jobsPerDay),
        ]
        var rows = names.map { name, member in
            [name, limits?[member]?.integer.map { "\($0)" } ?? "no limit"]
        }
        rows.append(["budget", budget ?? "none"])
        rows.append(["weight", json[ClientMember.weight]?.integer.map { "\($0)" } ?? "1"])
        return rows
    }

    /// The limits, the budget and the weight in short: `60/min, 4 open, $50.00/month`; `-` for none.
    var briefRights: String {
        let limits = json[ClientMember.limits]
        let units: [(ClientMember, String)] = [
            (.requestsPerMinute, "/min"), (.inFlight, " open"), (.jobsPerDay, " jobs/day"),
        ]
        var parts = units.compactMap { member, unit in limits?[member]?.integer.map { "\($0)\(unit)" } }
        if let budget { parts.append(budget.replacing(" per ", with: "/")) }
        if let weight = json[ClientMember.weight]?.integer, weight != 1 { parts.append("weight \(weight)") }
        return parts.isEmpty ? "-" : parts.joined(separator: ", ")
    }

    private var budget: String? {
        guard let budget = json[ClientMember.budget], let amount = budget[ClientMember.microdollars]?.integer,
            let period = budget[ClientMember.per]?.string
        else { return nil }
        return "$\(Dollars.text(amount)) per \(period)"
    }

    /// The document as one JSON line.
    var line: String { String(decoding: json.serialized(), as: UTF8.self) }
}

extension ClientDocument {
    /// Prints the token alone on a line of standard output, and the advice on standard error.
    func printToken(_ advice: String) throws(CommandError) {
        guard let token else { throw CommandError("the response has no token") }
        StandardStream.output.line(token)
        StandardStream.error.line(advice)
    }

    /// Prints what was done on a terminal, else a JSON line.
    func printOutcome(_ outcome: String) {
        StandardStream.output.line(StandardStream.output.isTerminal ? outcome : line)
    }
}
