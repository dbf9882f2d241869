import JSONText

/// A call that follows from a response, in the description of the API: its parameter has a value of the
/// response's body.
struct APILink: Sendable {
    /// The name of the operation.
    let operation: String
    /// A path or query parameter of that operation.
    let parameter: String
    /// The member of the body.
    let member: String

    /// Calls about the task in a response.
    static func task(_ operations: String...) -> [APILink] {
        operations.map { APILink(operation: $0, parameter: "id", member: "id") }
    }

    /// Calls about the client in a response.
    static func client(_ operations: String...) -> [APILink] {
        operations.map { APILink(operation: $0, parameter: "name", member: "name") }
    }

    /// The member of a response's `links`.
    var json: JSONObject.Member {
        JSONObject.Member(
            operation,
            [
                "operationId": .string(operation),
                "parameters": [parameter: .string("$response.body#/\(member)")],
            ])
    }
}
