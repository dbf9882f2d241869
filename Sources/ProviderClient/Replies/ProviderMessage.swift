import JSONText

/// What a reply says to a person, wherever it stands: `message`, `detail`, `error` and their like at any
/// depth, else the beginning of the text without its markup.
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
    /// Texts without information.
    private static let empty: Set<String> = ["", "success", "ok", "null", "none"]
    private static let textsMax = 3
    private static let nodesMax = 1000
    private static let beginning = 200

    init(_ json: JSONValue?, text bytes: [UInt8]) {
        for names in Self.names {
            guard let json, case let found = Self.texts(of: names, in: json), !found.isEmpty else { continue }
            var said = found.joined(separator: "; ")
            if let code = Self.code(in: json), !said.contains(code) { said += " (\(code))" }
            text = said
            return
        }
        text = Self.beginning(of: LenientJSON.text(of: Array(bytes.prefix(16 * 1024))))
    }

    /// The message in a value that is read already; empty if there is none.
    static func said(in json: JSONValue) -> String { ProviderMessage(json, text: []).text }

    /// The texts under these names, the outermost first, each once.
    private static func texts(of names: Set<String>, in json: JSONValue) -> [String] {
        var found: [String] = []
        var waiting = [json][...]
        var visited = 0
        while let value = waiting.popFirst(), visited < nodesMax, found.count < textsMax {
            visited += 1
            for member in value.object?.members ?? [] where names.contains(plain(member.name)) {
                let texts = [member.value.string] + (member.value.array?.map(\.string) ?? [])
                for case let text? in texts where found.count < textsMax {
                    let place = location(of: value).map { "\($0): \(text)" } ?? text
                    let isEmpty = empty.contains(text.lowercased().filter { !$0.isWhitespace })
                    if !isEmpty, !found.contains(place) { found.append(place) }
                }
            }
            waiting += value.object?.members.prefix(nodesMax).map(\.value) ?? []
            waiting += value.array?.prefix(nodesMax) ?? []
        }
        return found
    }

    /// The code of the error: a word, since a number alone says little.
    private static func code(in json: JSONValue) -> String? {
        let objects = [json["error"], json["data"]?["error"], json].compactMap { $0?.object }
        for object in objects {
            for member in object.members where codes.contains(plain(member.name)) {
                guard let code = member.value.string, !empty.contains(code.lowercased()) else { continue }
                return code.count <= 64 ? code : nil
            }
        }
        return nil
    }

    /// Which part of the job a complaint is about, as FastAPI writes it: `"loc":["body","prompt"]`.
    private static func location(of complaint: JSONValue) -> String? {
        guard let parts = complaint["loc"]?.array?.prefix(8), !parts.isEmpty else { return nil }
        let names = parts.compactMap { $0.string ?? $0.integer.map { String($0) } }
        return names.joined(separator: ".")
    }

    private static func plain(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" }
    }

    // MARK: Text

    /// The first characters of a text, without tags, scripts, styles and repeated white space.
    private static func beginning(of text: String) -> String {
        var message: [Substring] = []
        var length = 0
        for part in withoutMarkup(text).split(whereSeparator: \.isWhitespace) {
            message.append(part)
            length += part.count + 1
            if length > beginning { break }
        }
        let line = message.joined(separator: " ")
        return line.count > beginning ? String(line.prefix(beginning)) + "…" : line
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
            if let skipped, let end = rest.range(ofIgnoringCase: "</\(skipped)") { rest = rest[end...] }
            guard let close = rest.firstIndex(of: ">") else { return plain }
            rest = rest[rest.index(after: close)...]
        }
        return plain + rest
    }
}

extension Substring {
    /// Where an ASCII text in lower case begins, compared without case.
    fileprivate func range(ofIgnoringCase wanted: String) -> Index? {
        let wanted = Array(wanted.utf8)
        let bytes = utf8
        var place = bytes.startIndex
        while place != bytes.endIndex {
            let found = bytes[place...].prefix(wanted.count).map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }
            if found == wanted { return place }
            bytes.formIndex(after: &place)
        }
        return nil
    }
}
