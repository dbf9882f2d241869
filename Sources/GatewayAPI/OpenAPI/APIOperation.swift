/// What the description of the API says of a route, apart from what the router and the access rules need.
struct APIOperation: Sendable {
    /// The `operationId`, by which generated clients call it.
    let name: String
    let tag: APITag
    /// The header fields that it reads.
    var fields: [RequestField] = []
    /// The schema of the request's body.
    var body: SchemaName?
    /// The content of successful responses; none for those without a body.
    var content: [APIContent] = []
    /// The header fields of successful responses.
    var responseFields: [ResponseField] = []
    /// The calls that follow from a successful response.
    var links: [APILink] = []

    init(
        _ name: String, _ tag: APITag, reading fields: [RequestField] = [], body: SchemaName? = nil,
        content: [APIContent] = [], responseFields: [ResponseField] = [], links: [APILink] = []
    ) {
        self.name = name
        self.tag = tag
        self.fields = fields
        self.body = body
        self.content = content
        self.responseFields = responseFields
        self.links = links
    }
}
