import HTTPFetching
import JSONText

/// A call of an operator to a gateway's HTTP API.
struct OperatorCall: Sendable {
    let method: String
    let path: String
    let query: String?
    /// The JSON body; `nil` for none.
    let body: [UInt8]?
    /// The media type of the response.
    var accept = "application/json"
    /// Whether it follows another call of the same command, whose notes are printed once.
    var isContinuation = false
    /// Whether only a running gateway can do it.
    var needsGateway = false

    init(_ method: String, _ path: String, _ body: JSONObject? = nil) {
        self.method = method
        self.path = path
        self.query = nil
        self.body = body.map { JSONValue.object($0).serialized() }
    }

    /// A `GET` with query parameters.
    init(reading path: String, _ parameters: [(name: String, value: String)]) {
        method = "GET"
        self.path = path
        body = nil
        query =
            parameters.isEmpty
            ? nil
            : parameters.map { "\($0)=\(PercentEncodeSet.component.encode($1.utf8))" }
                .joined(separator: "&")
    }

    /// The path with the query.
    var target: String { query.map { "\(path)?\($0)" } ?? path }
}
