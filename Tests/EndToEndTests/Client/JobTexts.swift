import JSONText
import TestSupport

/// Valid and invalid jobs for a model, generated from its published parameters.
struct JobTexts {
    let id: String
    private let parameters: JSONValue
    private var random: SeededRandom

    init(model: JSONValue, random: SeededRandom) {
        id = model["id"]?.string ?? ""
        parameters = model["parameters"] ?? .null
        self.random = random
    }

    private static let numbers = [
        "8", "8.0", "8e0", "80e-1", "0.08E2", "4.0", "6", "5.0", "7", "8.5", "8.0000000000000000000000001",
        "0", "-0.0",
        "1", "6.000", "6.5", "1e2", "1e18", "1e19", "9223372036854775807", "9223372036854775807.0",
        "9223372036854775808",
        "-9223372036854775808", "-9223372036854775809.0", "1e-3", "1e300", "720",
    ]
    private static let texts = [
        #""""#, #"" ""#, #""\u00a0\u3000\u2028""#, #""\u0085""#, #""\ufeff""#, #""\u001c""#, #"" \u0301""#,
        #""\u200b""#,
        #""a""#, #""a\u0000""#, #""\n a""#, #""4\u212a""#, #""4k""#, #""4K""#, #""1080p""#, #""720p""#,
        #""16:9""#,
        #""ASSET""#, #""allow_adult""#, #""8""#, #""true""#,
    ]
    private static let others = [
        "null", "true", "false", "[]", "{}", "[null]", #"["https://example.com/1.jpg"]"#,
    ]
    private static let addresses = [
        "https://example.com/1.jpg", "HTTPS://EXAMPLE.COM", "http://a", "http://a?b#c", "http://a#",
        "http://a:80/x",
        "http://a:00080", "http://a:0", "http://a:65535", "http://a:65536", "http://a:", "http://a:8x",
        "http://[::1]:1/",
        "http://[::1", "http://[1]/", "http://[]/", "http://", "https:///x", "http://:80", "http://?",
        "ftp://a", "//a",
        "http://u@a/", "http://a/u@b", #"http://a\\b"#, #"http://a/\\"#, "http://a b", "http://a/b c",
        "http://a,b/",
        "http://.../", "http://a._-%/", #"http://a/\n"#, #"http://a\n"#, #"http://\u0301a/"#,
        #"http:/\u0301/a"#,
        #"http://\u4f8b\u3048.jp/\u56fe"#, #"http://a/\u200b"#, #"http://a\u00a0/"#, #"http://a/\ue000"#,
        #"http://\ud83d\ude00.example/"#, #"http://a/\ufffe"#, "http://a/<>|", " http://a", "http://a ",
        #"\u017fttp://a"#,
    ]

    /// Returns the next job as one line of text.
    mutating func next() -> String {
        var members: [(name: String, text: String)] = [("model", "\"\(id)\"")]
        let required = parameters["required"]?.array?.compactMap(\.string) ?? []
        for property in parameters["properties"]?.object?.members ?? [] where property.name != "model" {
            guard required.contains(property.name) || Int.random(in: 0..<4, using: &random) == 0 else {
                continue
            }
            members.append((property.name, right(for: property.value)))
        }
        for _ in 0..<Int.random(in: 0...2, using: &random) { change(&members) }
        members.shuffle(using: &random)
        return "{" + members.map { "\"\($0.name)\":\($0.text)" }.joined(separator: ",") + "}"
    }

    /// Returns a value that is valid or nearly so.
    private mutating func right(for property: JSONValue) -> String {
        if let listed = property["enum"]?.array?.randomElement(using: &random) {
            return String(decoding: listed.serialized(), as: UTF8.self)
        }
        let types = property["type"]?.array?.compactMap(\.string) ?? [property["type"]?.string ?? ""]
        switch types[0] {
        case "integer": return "1"
        case "boolean": return "true"
        case "array": return #"["https://example.com/1.jpg"]"#
        default: return property["format"] == nil ? #""A garden""# : #""https://example.com/1.jpg""#
        }
    }

    private mutating func change(_ members: inout [(name: String, text: String)]) {
        guard let index = members.indices.dropFirst().randomElement(using: &random) else { return }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: members.remove(at: index)
        case 1: members.append(("unknown", "1"))
        case 2: members[index].text = longText()
        case 3: members[index].text = Self.others.randomElement(using: &random) ?? "null"
        case 4...6 where members[index].text.hasPrefix("["): members[index].text = addressList()
        case 4...6 where members[index].text.contains("://"): members[index].text = address()
        case 4...7: members[index].text = Self.texts.randomElement(using: &random) ?? "null"
        default: members[index].text = Self.numbers.randomElement(using: &random) ?? "null"
        }
    }

    private mutating func address() -> String {
        "\"\(Self.addresses.randomElement(using: &random) ?? "")\""
    }

    private mutating func addressList() -> String {
        let count = Int.random(in: 0...4, using: &random)
        return "[" + (0..<count).map { _ in address() }.joined(separator: ",") + "]"
    }

    /// Returns text of the maximum length or one longer, in characters of several bytes and UTF-16 units.
    private mutating func longText() -> String {
        let length = [1999, 2000, 2001, 2047, 2048, 2049].randomElement(using: &random) ?? 0
        let start = Bool.random(using: &random) ? "https://a/" : ""
        let mark = [#"\ud83d\ude00"#, "a", "e\u{301}"].randomElement(using: &random) ?? ""
        let marks = (length - start.count) / mark.replacing(#"\ud83d\ude00"#, with: "x").unicodeScalars.count
        return "\"\(start)\(String(repeating: mark, count: marks))\""
    }
}
