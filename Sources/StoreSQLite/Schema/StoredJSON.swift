import Foundation

/// JSON text in a column.
enum StoredJSON {
    static func text(of value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // Strings and integers always encode.
        guard let data = try? encoder.encode(value) else { preconditionFailure("a value that is no JSON") }
        return String(decoding: data, as: UTF8.self)
    }
}
