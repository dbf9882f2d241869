import JSONText

/// The content of a successful response, in the description of the API.
struct APIContent: Sendable {
    let mediaType: String
    var schema: SchemaName?

    static func json(_ schema: SchemaName) -> APIContent {
        APIContent(mediaType: "application/json", schema: schema)
    }

    /// Content that is not JSON.
    static func media(_ type: String) -> APIContent { APIContent(mediaType: type) }

    /// The member of a response's `content`.
    var member: JSONObject.Member {
        JSONObject.Member(mediaType, ["schema": (schema.map { JSONSchema.ref($0) } ?? .any).json])
    }
}
