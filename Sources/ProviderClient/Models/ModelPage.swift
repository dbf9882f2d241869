import JSONText

/// One page of the provider's list of models, read leniently.
///
/// Known forms: `{"data":[{"id":…}]}`, `{"models":[{"name":…}]}`, a bare array, and arrays of plain names,
/// also inside one of the usual wrappers.
struct ModelPage: Equatable {
    /// The names of the models. An element may have several, such as `id` and `name`.
    var names: Set<String> = []
    /// The query of the next page; `nil` after the last one.
    var next: String?
    /// Whether there are further pages that cannot be requested.
    var isCut = false

    private static let lists = ["data", "models", "items", "results", "result", "list"]
    private static let nameMembers = ["id", "name", "model", "model_id", "modelId", "slug"]
    /// The members that name the next page, each with its query parameter.
    private static let cursors = [
        ("nextPageToken", "pageToken"), ("next_page_token", "page_token"), ("next_cursor", "cursor"),
        ("next", "after"),
    ]
    private static let nestingMax = 3

    /// `nil` if the reply has no list.
    init?(_ reply: JSONValue) {
        guard let elements = Self.elements(of: reply, level: 0) else { return nil }
        let named = elements.map(Self.names)
        // A list of other things says nothing about models.
        guard elements.isEmpty || named.contains(where: { !$0.isEmpty }) else { return nil }
        for names in named { self.names.formUnion(names) }
        guard let object = reply.object else { return }
        for (member, parameter) in Self.cursors {
            guard let cursor = object[member]?.string, !cursor.isEmpty else { continue }
            // A link to another address is not followed.
            if cursor.contains("/") { isCut = true } else { next = "\(parameter)=\(Self.encoded(cursor))" }
            return
        }
        guard object["has_more"]?.bool == true else { return }
        let last = object["last_id"]?.string ?? elements.last?["id"]?.string
        next = last.map { "after=\(Self.encoded($0))" }
        isCut = next == nil
    }

    private static func elements(of value: JSONValue, level: Int) -> [JSONValue]? {
        if let array = value.array { return array }
        guard level < nestingMax, let object = value.object else { return nil }
        return lists.lazy.compactMap { object[$0].flatMap { elements(of: $0, level: level + 1) } }.first
    }

    private static func names(of element: JSONValue) -> Set<String> {
        if let name = element.string { return name.isEmpty ? [] : [name] }
        let texts = nameMembers.compactMap { element[$0]?.string }.filter { !$0.isEmpty }
        // Google's own list has `models/ID`.
        let prefix = "models/"
        return Set(texts + texts.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) })
    }

    private static func encoded(_ text: String) -> String { PercentCoding.encodeSegment(text) }
}
