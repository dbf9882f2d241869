/// The head of an answer, collected line by line as libcurl passes it on.
///
/// libcurl calls an answer that was cut inside its head a success with an empty body; `isComplete` tells.
struct AnswerHead {
    /// The largest head that is read, in bytes, interim answers and trailers included.
    static let sizeMax = 64 * 1024

    private(set) var status: Int?
    private(set) var fields: [(name: String, value: String)] = []
    /// Whether the empty line after the last field came.
    private(set) var isComplete = false
    private var size = 0

    /// Takes one line with its end; false if the head grows too large.
    mutating func take(_ line: [UInt8]) -> Bool {
        size += line.count
        guard size <= Self.sizeMax else { return false }
        // An empty line is one that was ended, with nothing before the end.
        let isEmpty = line == [0x0D, 0x0A] || line == [0x0A]
        let text = String(decoding: line, as: UTF8.self)
        if text.hasPrefix("HTTP/") {
            begin(text)
        } else if isEmpty {
            end()
        } else if !isComplete {
            add(text)
        }
        return true
    }

    /// A status line: of the first answer, or of the one after an interim answer (RFC 9110 §15.2).
    private mutating func begin(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 2)
        status = parts.count > 1 ? Int(parts[1].prefix { $0.isASCII && $0.isNumber }) : nil
        fields = []
        isComplete = false
    }

    private mutating func end() {
        guard let status else { return }
        // RFC 9110 §15.2: the final answer is still to come.
        isComplete = status >= 200
    }

    private mutating func add(_ line: String) {
        if line.first == " " || line.first == "\t" {
            // RFC 9112 §5.2: an obsolete fold continues the field before it.
            if !fields.isEmpty { fields[fields.count - 1].value += " " + Self.trimmed(line[...]) }
            return
        }
        guard let colon = line.firstIndex(of: ":") else { return }
        fields.append((name: String(line[..<colon]), value: Self.trimmed(line[line.index(after: colon)...])))
    }

    private static func trimmed(_ text: Substring) -> String {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0.isNewline }
        let start = text.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(start[...last])
    }
}
