import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText

/// A JSON response that never changes while the gateway runs. Clients revalidate with `If-None-Match`.
struct StaticPage: Sendable {
    private let ok: HTTPResponse
    private let notModified: HTTPResponse
    private let tag: EntityTag

    init(_ document: JSONValue, _ settings: APISettings) {
        let bytes = document.serialized()
        tag = EntityTag(String(settings.sha256(bytes).prefix(Self.tagLength)))
        var fields = HTTPFields()
        fields.append("ETag", tag.text)
        fields.append("Cache-Control", "no-cache")
        notModified = HTTPResponse(status: 304, fields: fields)
        fields.append("Content-Type", "application/json")
        ok = HTTPResponse(status: 200, fields: fields, body: .bytes(bytes))
    }

    /// Hexadecimal digits of the SHA-256 in the entity tag.
    private static let tagLength = 32

    /// Returns the page, or 304 if the client has it (RFC 9110 §13.2.2).
    func response(to head: RequestHead) throws(Problem) -> HTTPResponse {
        switch RequestConditions(head, now: 0).outcome(.init(entityTag: tag)) {
        case .proceed: ok
        case .notModified: notModified
        case .failed: throw Problem(.preconditionFailed, "If-Match does not name the current page")
        }
    }
}
