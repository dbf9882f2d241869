import JSONText

/// The human-readable message of a reply: `message`, `detail`, `error` and similar members at any depth, or
/// the beginning of the text without markup.
struct ProviderMessage {
    let text: String

    private static let names: [Set<String>] = [
        [
            "message", "msg", "detail", "details", "error", "errors", "errormessage", "errormsg",
            "errordescription", "failreason", "failurereason", "failure", "failmessage", "statusmessage",
            "statusmsg",
        ],
        ["reason", "description", "title"],
    ]
    private static let codes: Set<String> = ["code", "errorcode", "errcode"]
    /// Texts that carry no information.
    private static let meaningless: Set<String> = ["", "success", "ok", "null", "none"]
    private static let textsMax = 3
    private static let nodesMax = 1000
    private static let excerptLengthMax = 200

    /// Finds the message of a reply; `json` is its parsed body, if it has one.
    init(_ json: JSONValue?, text bytes: [UInt8]) {
        for names in Self.names {
            guard let json, case let found = Self.texts(of: names, in: json), !found.isEmpty else { continue }
            var message = found.joined(separator: "; ")
            if let code = Self.code(in: json), !message.contains(code) { message += " (\(code))" }
            text = message
            return
        }
        text = Self.excerpt(of: LenientJSON.text(of: Array(bytes.prefix(16 * 1024))))
    }

    /// Returns the message of a JSON value; empty if there is none.
    static func message(in json: JSONValue) -> String { ProviderMessage(json, text: []).text }

    /// Returns the distinct texts of members with these names, outermost first.
    private static func texts(of names: Set<String>, in json: JSONValue) -> [String] {
        var found: [String] = []
        var queue = [json][...]
        var visited = 0
        while let value = queue.popFirst(), visited < nodesMax, found.count < textsMax {
            visited += 1
            for member in value.object?.members ?? [] where names.contains(normalized(member.name)) {
                let texts = [member.value.string] + (member.value.array?.map(\.string) ?? [])
                for case let text? in texts where found.count < textsMax {
                    let located = location(of: value).map { "\($0): \(text)" } ?? text
                    let isMeaningless = meaningless.contains(text.lowercased().filter { !$0.isWhitespace })
                    if !isMeaningless, !found.contains(located) { found.append(located) }
                }
            }
            queue += value.object?.members.prefix(nodesMax).map(\.value) ?? []
            queue += value.array?.prefix(nodesMax) ?? []
        }
        return found
    }

    /// Returns the error code if it is a string; a number alone carries little information.
    private static func code(in json: JSONValue) -> String? {
        let objects = [json["error"], json["data"]?["error"], json].compactMap { $0?.object }
        for object in objects {
            for member in object.members where codes.contains(normalized(member.name)) {
                guard let code = member.value.string, !meaningless.contains(code.lowercased()) else {
                    continue
                }
                return code.count <= 64 ? code : nil
            }
        }
        return nil
    }

    /// Returns the location of a validation error in FastAPI's format: `"loc":["body","prompt"]`.
    private static func location(of error: JSONValue) -> String? {
        guard let parts = error["loc"]?.array?.prefix(8), !parts.isEmpty else { return nil }
        let names = parts.compactMap { $0.string ?? $0.integer.map { String($0) } }
        return names.joined(separator: ".")
    }

    private static func normalized(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" }
    }

    // MARK: Text

    /// Returns the first characters of a text without tags, scripts, styles and repeated white space.
    private static func excerpt(of text: String) -> String {
        var parts: [Substring] = []
        var length = 0
        for part in withoutMarkup(text).split(whereSeparator: \.isWhitespace) {
            parts.append(part)
            length += part.count + 1
            if length > excerptLengthMax { break }
        }
        let line = parts.joined(separator: " ")
        return line.count > excerptLengthMax ? String(line.prefix(excerptLengthMax)) + "…" : line
    }

    private static func withoutMarkup(_ text: String) -> String {
        guard text.drop(while: \.isWhitespace).first == "<" else { return text }
        var plain = ""
        var rest = text[...]
        while let start = rest.firstIndex(of: "<") {
            plain += rest[..<start] + " "
            let tag = rest[start...].prefix(8).lowercased()
            let skipped = ["script", "style"].first { tag.hasPrefix("<\($0)") }
            rest = rest[start...]
            if let skipped, let end = rest.index(ofIgnoringCase: "</\(skipped)") { rest = rest[end...] }
            guard let close = rest.firstIndex(of: ">") else { return plain }
            rest = rest[rest.index(after: close)...]
        }
        return plain + rest
    }
}

extension Substring {
    /// Returns the index of a lower-case ASCII text, compared case-insensitively.
    fileprivate func index(ofIgnoringCase wanted: String) -> Index? {
        let wanted = Array(wanted.utf8)
        let bytes = utf8
        var index = bytes.startIndex
        while index != bytes.endIndex {
            let found = bytes[index...].prefix(wanted.count).map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
            if found == wanted { return index }
            bytes.formIndex(after: &index)
        }
        return nil
    }
}
