import HTTPServing
import HTTPWire

/// A JSON response that never changes while the gateway runs. A client that has it asks again with
/// `If-None-Match`, and gets 304.
struct StaticPage: Sendable {
    private let ok: HTTPResponse
    private let notModified: HTTPResponse
    private let tag: EntityTag

    /// - Parameter digest: names these bytes, in characters of an entity tag.
    init(_ bytes: [UInt8], digest: String) {
        tag = EntityTag(String(digest.prefix(32)))
        var fields = HTTPFields()
        fields.append("ETag", tag.text)
        fields.append("Cache-Control", "no-cache")
        notModified = HTTPResponse(status: 304, fields: fields)
        fields.append("Content-Type", "application/json")
        ok = HTTPResponse(status: 200, fields: fields, body: .bytes(bytes))
    }

    /// The page, or that the client has it (RFC 9110 §13.2.2).
    func response(to head: RequestHead) throws(Problem) -> HTTPResponse {
        switch RequestConditions(head, now: 0).outcome(.init(entityTag: tag)) {
        case .proceed: ok
        case .notModified: notModified
        case .failed: throw Problem(412, "precondition_failed", "the page is another than If-Match names")
        }
    }
}
