import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// `GET /v1/audit`: a page of the audit, newest first.
struct AuditEndpoint: Sendable {
    let services: APIServices

    static let parameters = [
        QueryParameter("limit", .integers(AuditQuery.limits), "records of a page"),
        QueryParameter("after", .integers(positions), "the page after this record: next of the last page"),
        QueryParameter("since", .integers(times), "seconds since 1970"),
        QueryParameter("client", .text, "as actor or owner"),
    ]
    private static let positions = 1...Int.max
    /// Until the end of the year 9999, in seconds since 1970.
    static let times = 0...253_402_300_799

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let page = try await services.gateway.audit(matching: try Self.query(request))
        var writer = JSONWriter(reserving: 400 * (page.entries.count + 1))
        writer.beginObject()
        writer.member(ListMember.object.rawValue, "list")
        writer.name(ListMember.data.rawValue)
        writer.beginArray()
        for entry in page.entries { writer.write(entry) }
        writer.endArray()
        writer.name(ListMember.hasMore.rawValue)
        writer.bool(page.next != nil)
        writer.member(ListMember.next.rawValue, page.next.map { String($0) })
        writer.endObject()
        return .json(writer.bytes)
    }

    private static func query(_ request: RouteRequest) throws(Problem) -> AuditQuery {
        let given = try QueryReader(request.head.query, accepting: parameters)
        var query = AuditQuery()
        if let limit = try given.integer("limit", in: AuditQuery.limits) { query.limit = limit }
        query.before = try given.integer("after", in: positions).map { Int64($0) }
        query.since = try given.integer("since", in: times)
            .map { Timestamp(milliseconds: Int64($0) * 1000) }
        query.client = try given.string("client")
        return query
    }
}

extension JSONWriter {
    fileprivate mutating func write(_ entry: AuditPage.Entry) {
        let record = entry.record
        beginObject()
        member(.object, "audit_record")
        member(AuditMember.id.rawValue, entry.sequence)
        member(AuditMember.at.rawValue, record.at.seconds)
        member(.actor, record.actor)
        member(.requestID, record.requestID)
        member(.action, record.action.rawValue)
        member(.decision, record.decision.text)
        member(.client, record.client)
        member(.task, record.taskID?.text)
        name(AuditMember.price.rawValue)
        if let price = record.price {
            beginObject()
            member(AuditMember.microdollars.rawValue, price)
            endObject()
        } else {
            null()
        }
        member(.detail, record.detail)
        if let prompt = record.prompt { member(.prompt, prompt) }
        endObject()
    }

    private mutating func member(_ name: AuditMember, _ text: String?) { member(name.rawValue, text) }
}
