import JSONText

/// The result links of a task object, wherever its page of the provider's manual puts them.
struct ResultLinks {
    private static let linksMax = 16
    private static let linkLongest = 8192

    /// The links that can be fetched, in order, each once.
    let usable: [String]

    /// Looks at `results: [{"url":…}]` and `["…"]`, then at the older `output.url` and `output.urls`.
    init(_ task: JSONObject) {
        let results = Self.texts(task["results"])
        let found = results.isEmpty ? Self.texts(task["output"]) : results
        var usable: [String] = []
        for link in found where usable.count < Self.linksMax {
            if Self.canBeFetched(link), !usable.contains(link) { usable.append(link) }
        }
        self.usable = usable
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let link): [link]
        case .array(let elements): elements.prefix(linksMax).flatMap { texts($0) }
        case .object(let object): texts(object["url"]) + texts(object["urls"])
        case .null, .bool, .integer, .real, nil: []
        }
    }

    private static func canBeFetched(_ link: String) -> Bool {
        let start = link.prefix(8).lowercased()
        guard start.hasPrefix("http://") || start == "https://" else { return false }
        // RFC 3986 §2 knows visible ASCII only; unescaped UTF-8 in a path still fetches, so it may stay.
        return link.utf8.count <= linkLongest && link.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }
}
