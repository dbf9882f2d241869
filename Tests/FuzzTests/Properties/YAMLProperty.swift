import JSONText

@testable import YAMLText

/// YAML: a value with a line for each of its parts, or a fault with its place.
enum YAMLProperty {
    static func check(_ input: [UInt8]) throws(Finding) {
        let lineCount = lines(of: input)
        let document: YAMLDocument
        do throws(YAMLError) {
            document = try YAMLDocument(parsing: input)
        } catch {
            try promise((1...lineCount).contains(error.line), "there is no line \(error.line)")
            try promise(error.column >= 1, "there is no column \(error.column)")
            let message = error.message.unicodeScalars.count
            return try promise((1...200).contains(message), "the message has \(message) characters")
        }
        try check(document.value, at: .root, of: document, lineCount)
        try holdAsJSON(document.value)
        _ = document.line(of: "/no/such/place")
    }

    /// By any line end that YAML knows; the end of the text may count as one more.
    static func lines(of input: [UInt8]) -> Int {
        let text = String(decoding: input, as: UTF8.self)
        return text.unicodeScalars.count { "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) } + 2
    }

    private static func check(
        _ value: JSONValue, at place: JSONPointer, of document: YAMLDocument, _ lineCount: Int
    ) throws(Finding) {
        try promise(place.tokens.count <= YAMLDocument.depthMax, "deeper than the limit")
        guard let line = document.line(of: place.description) else { throw Finding("\(place) has no line") }
        try promise((1...lineCount).contains(line), "there is no line \(line)")
        for (index, element) in (value.array ?? []).enumerated() {
            try check(element, at: place.appending(index), of: document, lineCount)
        }
        for member in value.object?.members ?? [] {
            try check(member.value, at: place.appending(member.name), of: document, lineCount)
        }
    }

    /// JSON is YAML: the same value written so is read as the same, where all of its text is plain.
    private static func holdAsJSON(_ value: JSONValue) throws(Finding) {
        let text = value.serialized()
        // YAML wants a key in one line to be short, and knows more line ends and fewer characters than JSON.
        guard text.count < 1000, text.allSatisfy({ (0x20...0x7E).contains($0) }) else { return }
        guard let again = try? YAMLDocument(parsing: text) else { throw Finding("as JSON it is no YAML") }
        try promise(again.value == value, "as JSON it is another")
    }
}
