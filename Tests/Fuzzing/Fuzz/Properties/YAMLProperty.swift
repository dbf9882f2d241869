import JSONText

@testable import YAMLText

/// YAML: a value with a line for each of its parts, or an error with a location.
enum YAMLProperty {
    static func check(_ input: [UInt8]) throws(PropertyError) {
        let lineCount = lines(of: input)
        let document: YAMLDocument
        do throws(YAMLError) {
            document = try YAMLDocument(parsing: input)
        } catch {
            try require((1...lineCount).contains(error.line), "there is no line \(error.line)")
            try require(error.column >= 1, "there is no column \(error.column)")
            let message = error.message.unicodeScalars.count
            return try require((1...200).contains(message), "the message has \(message) characters")
        }
        try check(document.value, at: .root, of: document, lineCount)
        try checkAsJSON(document.value)
        _ = document.line(of: "/no/such/place")
    }

    /// Counts every line end of YAML; the end of the text may count as one more.
    static func lines(of input: [UInt8]) -> Int {
        let text = String(decoding: input, as: UTF8.self)
        return text.unicodeScalars.count { "\n\r\u{85}\u{2028}\u{2029}".unicodeScalars.contains($0) } + 2
    }

    private static func check(
        _ value: JSONValue, at pointer: JSONPointer, of document: YAMLDocument, _ lineCount: Int
    ) throws(PropertyError) {
        try require(pointer.tokens.count <= YAMLDocument.depthMax, "deeper than the limit")
        guard let line = document.line(of: pointer.description) else {
            throw PropertyError("\(pointer) has no line")
        }
        try require((1...lineCount).contains(line), "there is no line \(line)")
        for (index, element) in (value.array ?? []).enumerated() {
            try check(element, at: pointer.appending(index), of: document, lineCount)
        }
        for member in value.object?.members ?? [] {
            try check(member.value, at: pointer.appending(member.name), of: document, lineCount)
        }
    }

    /// Requires that the value, written as JSON, parses to the same value (JSON is YAML).
    private static func checkAsJSON(_ value: JSONValue) throws(PropertyError) {
        let text = value.serialized()
        // YAML limits the length of a key in one line, and has more line ends and fewer characters than JSON.
        guard text.count < 1000, text.allSatisfy({ (0x20...0x7E).contains($0) }) else { return }
        guard let again = try? YAMLDocument(parsing: text) else {
            throw PropertyError("the JSON text is rejected")
        }
        // By their texts: an integral number beyond 2^53 is written without a fraction, read as an integer.
        try require(again.value.serialized() == text, "the JSON text parses to another value")
    }
}
