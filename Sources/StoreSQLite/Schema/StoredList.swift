import Foundation

/// A list in one text column, as JSON; `NULL` when it is empty, which it is for most of a task's life.
enum StoredList {
    static func text(of list: [some Encodable]) -> String? { list.isEmpty ? nil : StoredJSON.text(of: list) }

    static func list<Element: Decodable>(of _: Element.Type, in text: String?) throws -> [Element] {
        guard let text else { return [] }
        return try JSONDecoder().decode([Element].self, from: Data(text.utf8))
    }
}
