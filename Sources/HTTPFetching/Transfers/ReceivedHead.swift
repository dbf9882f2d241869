/// The head of a response, collected line by line from libcurl.
///
/// libcurl reports a response truncated inside its head as a success with an empty body; check `isComplete`.
struct ReceivedHead {
    /// The maximum size in bytes, including interim responses and trailers.
    static let sizeMax = 64 * 1024

    private(set) var status: Int?
    private(set) var fields: [(name: String, value: String)] = []
    /// Whether the empty line after the last field was received.
    private(set) var isComplete = false
    private var size = 0

    /// Parses one line with its line end. Returns `false` if the head is too large.
    mutating func parse(_ line: [UInt8]) -> Bool {
        size += line.count
        guard size <= Self.sizeMax else { return false }
        // An empty line consists of its line end only.
        let isEmpty = line == [0x0D, 0x0A] || line == [0x0A]
        if line.starts(with: "HTTP/".utf8) {
            begin(String(decoding: line, as: UTF8.self))
        } else if isEmpty {
            end()
        } else if !isComplete {
            add(line)
        }
        return true
    }

    /// Begins a response: the first, or one after an interim response (RFC 9110 §15.2).
    private mutating func begin(_ line: String) {
        let parts = line.split(separator: " ", maxSplits: 2)
        status = parts.count > 1 ? Int(parts[1].prefix { $0.isASCII && $0.isNumber }) : nil
        fields = []
        isComplete = false
    }

    private mutating func end() {
        guard let status else { return }
        // RFC 9110 §15.2: the final response follows an interim one.
        isComplete = status >= 200
    }

    private mutating func add(_ line: [UInt8]) {
        if line.first == UInt8(ascii: " ") || line.first == UInt8(ascii: "\t") {
            // RFC 9112 §5.2: an obsolete fold continues the previous field.
            if !fields.isEmpty { fields[fields.count - 1].value += " " + Self.trimmed(line[...]) }
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        fields.append((name: name, value: Self.trimmed(line[(colon + 1)...])))
    }

    /// Returns the text without surrounding whitespace, including the line end.
    private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
        let isBlank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || (0x09...0x0D).contains($0) }
        let start = bytes.drop(while: isBlank)
        guard let last = start.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(decoding: start[...last], as: UTF8.self)
    }
}
