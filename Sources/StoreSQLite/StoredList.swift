import Foundation
import VideoJobs

/// A list in one text column, as JSON; `NULL` when it is empty, which it is for most of a task's life.
enum StoredList {
    static func text(of list: [some Encodable]) -> String? {
        guard !list.isEmpty else { return nil }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Strings and integers always encode.
        guard let data = try? encoder.encode(list) else { preconditionFailure("a list that is no JSON") }
        return String(decoding: data, as: UTF8.self)
    }

    static func list<Element: Decodable>(of _: Element.Type, in text: String?) throws -> [Element] {
        guard let text else { return [] }
        return try JSONDecoder().decode([Element].self, from: Data(text.utf8))
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
