import Foundation
import Gateway
import GRDB
import VideoJobs

/// A row of `tasks`, read by position: a column that holds what we never wrote is damage, not a trap.
struct StoredRow {
    let row: Row
    /// How many columns come before those of the task.
    var offset = 0

    func record() throws -> TaskRecord {
        var record = TaskRecord(
            id: TaskID(try value(.id)), created: Timestamp(milliseconds: try value(.created)),
            model: try value(.model), client: try value(.client), state: try word(.state),
            version: try value(.version))
        record.estimatedSeconds = try optional(.estimatedSeconds)
        record.updated = Timestamp(milliseconds: try value(.updated))
        record.progress = try value(.progress)
        record.providerStatus = try word(.providerStatus)
        record.providerTaskID = (try optional(.providerTaskId)).map(ProviderTaskID.init)
        record.attempts = try value(.attempts)
        record.archiveFailures = try value(.archiveFailures)
        record.blockReason = try obstacle()
        record.blockMessage = try optional(.blockMessage)
        record.links = try StoredList.list(of: String.self, in: optional(.links))
        record.results = try StoredList.list(of: StoredResult.self, in: optional(.results)).enumerated()
            .map { $1.result(at: $0) }
        record.contentExpires = (try optional(.contentExpires)).map(Timestamp.init(milliseconds:))
        record.contentRemoved = try value(.contentRemoved)
        record.failure = try failure()
        record.evidence = (try optional(.evidence)).map { StoredEvidence.evidence(in: $0, of: record) }
        record.graceDeadline = (try optional(.graceDeadline)).map(Timestamp.init(milliseconds:))
        record.usage = try optional(.usage)
        return record
    }

    private func obstacle() throws -> BlockReason? {
        let text: String? = try optional(.obstacle)
        return text == nil ? nil : try word(.obstacle)
    }

    private func failure() throws -> FailureReason? {
        guard let code: String = try optional(.failureCode) else { return nil }
        return FailureReason(
            code: code, message: try value(.failureMessage), httpStatus: try optional(.failureStatus))
    }

    private func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: TaskColumn
    ) throws -> Value {
        try row.decode(Value.self, atIndex: offset + column.rawValue)
    }

    private func optional<Value: DatabaseValueConvertible & StatementColumnConvertible>(
        _ column: TaskColumn
    ) throws -> Value? {
        try row.decode(Value?.self, atIndex: offset + column.rawValue)
    }

    private func word<Word: RawRepresentable<String>>(_ column: TaskColumn) throws -> Word {
        let text: String = try value(column)
        guard let word = Word(rawValue: text) else {
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT, message: "column \(column.name) holds an unknown word")
        }
        return word
    }
}

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

    /// Reads the column of a task. Versions before the second migration wrote words and nothing else.
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

/// An archived result as it stands in the `results` column.
struct StoredResult: Codable {
    let contentType: String
    let bytes: Int64
    let sha256: String
    /// Versions that published verified results only, one for each link, did not write these two.
    let verified: Bool?
    let fileIndex: Int?

    init(_ result: ArchivedResult) {
        self.contentType = result.contentType
        self.bytes = result.bytes
        self.sha256 = result.sha256
        self.verified = result.verified
        self.fileIndex = result.fileIndex
    }

    /// The result that stands at this place in the column.
    func result(at index: Int) -> ArchivedResult {
        ArchivedResult(
            contentType: contentType, bytes: bytes, sha256: sha256, verified: verified ?? true,
            fileIndex: fileIndex ?? index)
    }
}
