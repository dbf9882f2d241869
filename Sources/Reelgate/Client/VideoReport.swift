import GatewayProtocol
import JSONText

/// A finished video of a task: an element of the member `results`.
struct VideoReport: Equatable, Sendable {
    var contentType: String
    var bytes: Int64
    var sha256: String

    /// `nil` if the length or the digest is missing.
    init?(_ json: JSONValue) {
        guard let bytes = json[TaskMember.bytes]?.integer, let sha256 = json[TaskMember.sha256]?.string
        else { return nil }
        self.bytes = bytes
        self.sha256 = sha256
        contentType = json[TaskMember.contentType]?.string ?? ""
    }
}
