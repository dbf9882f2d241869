import GatewayProtocol
import HTTPFetching
import JSONText
import VideoJobs

/// The gateway's response to a resume request.
struct ResumeResponse: Sendable {
    private let json: JSONValue

    init?(_ response: FetchResponse) {
        guard response.status == 200, let json = try? JSONValue(parsing: response.body) else { return nil }
        self.init(json)
    }

    init?(_ json: JSONValue) {
        guard json["object"]?.string == "submission" else { return nil }
        self.json = json
    }

    /// The response as one JSON line.
    var line: String { String(decoding: json.serialized(), as: UTF8.self) }

    /// What was done, for a person.
    var text: String {
        let warnings = json["warnings"]?.array?.compactMap(\.string) ?? []
        guard let before = json["before"], let day = json["day"] else {
            return (["Submission was resumed."] + warnings).joined(separator: " ")
        }
        let (limit, left) = (Self.dollars(.microdollars, of: day), Self.dollars(.left, of: day))
        let resets = day[UsageMember.resets]?.integer.map { " until \(TaskTable.timestamp($0))" } ?? ""
        let was = before[UsageMember.left]?.integer ?? 0
        let note =
            was > 0
            ? "It was not used up: \(Self.dollars(.counted, of: before)) counted, "
                + "\(Self.dollars(.left, of: before)) were left."
            : "\(Self.dollars(.counted, of: before)) counted until now, and refused further jobs."
        return "The spend ceiling of the day, \(limit), counts from now on: \(left) are left\(resets). "
            + note
    }

    private static func dollars(_ member: UsageMember, of day: JSONValue) -> String {
        "$\(Dollars.text(day[member]?.integer ?? 0))"
    }
}
