import GatewayProtocol
import JSONText

/// What the gateway knows about a POST whose reply was lost: the member `gateway.evidence`.
struct EvidenceReport: Equatable, Sendable {
    var attempt: Int64
    /// When the attempt began, in seconds since 1970.
    var sent: Int64
    /// When its reply was considered lost, in seconds since 1970.
    var lost: Int64
    var bytesSent: Int64?
    /// The HTTP status, if one arrived.
    var httpStatus: Int64?
    var message: String
    /// The provider's id of the request.
    var providerRequestID: String?

    /// `nil` if the attempt, its times or the message are missing.
    init?(_ json: JSONValue) {
        guard let attempt = json[TaskMember.attempt]?.integer, let sent = json[TaskMember.sent]?.integer,
            let lost = json[TaskMember.lost]?.integer, let message = json[TaskMember.words]?.string
        else { return nil }
        self.attempt = attempt
        self.sent = sent
        self.lost = lost
        self.message = message
        bytesSent = json[TaskMember.bytesSent]?.integer
        httpStatus = json[TaskMember.status]?.integer
        providerRequestID = json[TaskMember.providerRequestID]?.string
    }
}
