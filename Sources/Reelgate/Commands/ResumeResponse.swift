import HTTPFetching
import JSONText

/// The gateway's response to a resume request.
struct ResumeResponse: Sendable {
    /// The response as one JSON line.
    let line: String
    /// Warnings for the operator.
    let warnings: [String]

    init?(_ response: FetchResponse) {
        guard response.status == 200, let json = try? JSONValue(parsing: response.body),
            json["object"]?.string == "submission"
        else { return nil }
        line = String(decoding: json.serialized(), as: UTF8.self)
        warnings = json["warnings"]?.array?.compactMap(\.string) ?? []
    }
}
