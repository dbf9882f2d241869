import Foundation
import VideoJobs

/// The JSON of the `evidence` column.
struct StoredEvidence: Codable {
    let attempt: Int
    let sent: Int64
    let lost: Int64
    let message: String
    let bytesSent: Int64?
    let status: Int?
    let request: String?

    /// Names of the JSON members, which stay as older stores have them.
    private enum CodingKeys: String, CodingKey {
        case attempt, sent, lost, message = "words", bytesSent, status, request
    }

    init(_ evidence: SubmissionEvidence) {
        attempt = evidence.attempt
        sent = evidence.sent.milliseconds
        lost = evidence.lost.milliseconds
        message = evidence.reply.message
        bytesSent = evidence.reply.bytesSent
        status = evidence.reply.status
        request = evidence.reply.providerRequestID
    }

    var text: String { StoredJSON.text(of: self) }

    /// Reads the column of a task. Before migration 2 the column held the message alone.
    static func evidence(in text: String, of record: TaskRecord) -> SubmissionEvidence {
        guard let stored = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            return SubmissionEvidence(
                attempt: record.attempts, sent: record.updated, lost: record.updated, reply: LostReply(text))
        }
        let reply = LostReply(
            stored.message, bytesSent: stored.bytesSent, status: stored.status,
            providerRequestID: stored.request)
        return SubmissionEvidence(
            attempt: stored.attempt, sent: Timestamp(milliseconds: stored.sent),
            lost: Timestamp(milliseconds: stored.lost), reply: reply)
    }
}
