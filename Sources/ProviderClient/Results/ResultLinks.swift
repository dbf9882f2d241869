import HTTPFetching
import JSONText

/// The result links of a task object in all documented formats.
struct ResultLinks {
    private static let linksMax = 16

    /// The distinct links that can be fetched, absolute and percent-encoded, in order.
    private(set) var usable: [String] = []
    /// Why the first unusable link cannot be fetched, without the link; `nil` if all can.
    private(set) var unusable: String?

    /// Reads `results: [{"url":…}]` and `["…"]`, otherwise the older `output.url` and `output.urls`.
    /// Relative links are resolved against `base`.
    init(_ task: JSONObject, base: WebURL?) {
        let results = Self.texts(task["results"])
        let found = results.isEmpty ? Self.texts(task["output"]) : results
        for link in found where usable.count < Self.linksMax {
            if let url = Self.resolve(link, base) {
                if !usable.contains(url.text) { usable.append(url.text) }
            } else if unusable == nil {
                unusable = Self.reason(for: link)
            }
        }
    }

    private static func texts(_ value: JSONValue?) -> [String] {
        switch value {
        case .string(let link): [link]
        case .array(let elements): elements.prefix(linksMax).flatMap { texts($0) }
        case .object(let object): texts(object["url"]) + texts(object["urls"])
        case .null, .bool, .integer, .real, nil: []
        }
    }

    /// Resolves a link; an empty one is rejected, since it would resolve to the base itself.
    private static func resolve(_ link: String, _ base: WebURL?) -> WebURL? {
        guard link.utf8.contains(where: { $0 > 0x20 }) else { return nil }
        return base.map { WebURL(resolving: link, against: $0) } ?? WebURL(link)
    }

    /// Returns why a link is unusable. Quotes at most the scheme: the rest may contain a signature or a data
    /// URL.
    private static func reason(for link: String) -> String {
        guard link.utf8.contains(where: { $0 > 0x20 }) else { return "the result link is empty" }
        guard link.utf8.count <= WebURL.lengthMax || link.contains(":") else {
            return "the result link is too long"
        }
        let scheme = link.utf8.drop { $0 <= 0x20 }.prefix { $0 != UInt8(ascii: ":") }
        let isScheme =
            scheme.count <= 16 && scheme.count < link.utf8.count
            && scheme.allSatisfy { (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
        let name = isScheme ? String(decoding: scheme, as: UTF8.self).lowercased() : ""
        guard isScheme, name != "http", name != "https" else { return "the result link is not a valid URL" }
        return "the result link is neither http nor https but \(name):"
    }
}
