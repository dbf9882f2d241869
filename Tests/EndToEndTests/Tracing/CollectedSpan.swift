import JSONText

/// A span as a collector receives it.
struct CollectedSpan {
    let json: JSONValue

    init(json: JSONValue) { self.json = json }

    var name: String? { json["name"]?.string }
    var trace: String? { json["traceId"]?.string }
    var id: String? { json["spanId"]?.string }
    var parent: String? { json["parentSpanId"]?.string }
    var kind: Int64? { json["kind"]?.integer }
    /// The spans that it is linked to.
    var links: [String] { (json["links"]?.array ?? []).compactMap { $0["spanId"]?.string } }

    /// The value of an attribute as text.
    subscript(name: String) -> String? {
        let found = json["attributes"]?.array?.first { $0["key"]?.string == name }
        return found?["value"]?["stringValue"]?.string ?? found?["value"]?["intValue"]?.string
    }
}
