import JSONText

/// A call of an operator to a gateway's HTTP API.
struct OperatorCall: Sendable {
    let method: String
    let path: String
    /// The JSON body; `nil` for none.
    let body: [UInt8]?

    init(_ method: String, _ path: String, _ body: JSONObject? = nil) {
        self.method = method
        self.path = path
        self.body = body.map { JSONValue.object($0).serialized() }
    }
}
