/// Removes from a script or a style sheet what only readers of its source need: lines that are comments,
/// empty lines, and indentation.
///
/// Works line by line, so a comment must begin a line of its own. A text literal must not span lines.
enum SourceCompaction {
    static func compact(_ source: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(source.count)
        var isInComment = false
        for line in source.split(separator: UInt8(ascii: "\n")) {
            let text = line.drop { $0 == UInt8(ascii: " ") }
            if isInComment {
                isInComment = !hasEnd(text)
                continue
            }
            if text.starts(with: "//".utf8) || text.isEmpty { continue }
            if text.starts(with: "/*".utf8) {
                if !hasEnd(text) { isInComment = true }
                // A comment before code on the same line is a type assertion.
                if !hasEnd(text) || endsWithEnd(text) { continue }
            }
            result += text
            result.append(UInt8(ascii: "\n"))
        }
        return result
    }

    private static func hasEnd(_ text: ArraySlice<UInt8>) -> Bool {
        zip(text, text.dropFirst()).contains { $0 == UInt8(ascii: "*") && $1 == UInt8(ascii: "/") }
    }

    private static func endsWithEnd(_ text: ArraySlice<UInt8>) -> Bool {
        text.suffix(2).elementsEqual("*/".utf8)
    }
}
