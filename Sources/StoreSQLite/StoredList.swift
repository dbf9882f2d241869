import Foundation
import VideoJobs

/// A list in one text column, as JSON; `NULL` when it is empty, which it is for most of a task's life.
enum StoredList {
    static func text(of list: [some Encodable]) -> String? { list.isEmpty ? nil : StoredJSON.text(of: list) }

    static func list<Element: Decodable>(of _: Element.Type, in text: String?) throws -> [Element] {
        guard let text else { return [] }
        return try JSONDecoder().decode([Element].self, from: Data(text.utf8))
    }
}

private enum StoredJSON {
    static func text(of value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Strings and integers always encode.
        guard let data = try? encoder.encode(value) else { preconditionFailure("a value that is no JSON") }
        return String(decoding: data, as: UTF8.self)
    }
}

/// What is known of a lost reply as it stands in the `evidence` column.
struct StoredEvidence: Codable {
    let attempt: Int
    let sent: Int64
    let lost: Int64
    let words: String
    let bytesSent: Int64?
    let status: Int?
    let request: String?

    init(_ evidence: SubmissionEvidence) {
        attempt = evidence.attempt
        sent = evidence.sent.milliseconds
        lost = evidence.lost.milliseconds
        words = evidence.reply.words
        bytesSent = evidence.reply.bytesSent
        status = evidence.reply.status
        request = evidence.reply.providerRequestID
    }

    var text: String { StoredJSON.text(of: self) }

    /// Reads the column of a task. Versions before the second migration wrote words and nothing else.
    static func evidence(in text: String, of record: TaskRecord) -> SubmissionEvidence {
        guard let stored = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)) else {
            return SubmissionEvidence(
                attempt: record.attempts, sent: record.updated, lost: record.updated, reply: LostReply(text))
        }
        let reply = LostReply(
            stored.words, bytesSent: stored.bytesSent, status: stored.status,
            providerRequestID: stored.request)
        return SubmissionEvidence(
            attempt: stored.attempt, sent: Timestamp(milliseconds: stored.sent),
            lost: Timestamp(milliseconds: stored.lost), reply: reply)
    }
}

/// An archived video as it stands in the `results` column.
struct StoredResult: Codable {
    let contentType: String
    let bytes: Int64
    let sha256: String

    init(_ result: ArchivedResult) {
        self.contentType = result.contentType
        self.bytes = result.bytes
        self.sha256 = result.sha256
    }

    var result: ArchivedResult { ArchivedResult(contentType: contentType, bytes: bytes, sha256: sha256) }
}
