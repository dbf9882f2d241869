import VideoJobs

/// Divides a template of notices into its parts.
struct NoticeTemplateParser {
    private static let open = Array("{{".utf8)
    private static let close = Array("}}".utf8)
    private static let names = NoticePlaceholder.allCases.map(\.rawValue)

    private let bytes: [UInt8]
    private var parts: [NoticeTemplate.Part] = []
    /// Where each literal begins.
    private var literals: [Int] = []

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Whether the first character can only begin a JSON object.
    var beginsLikeObject: Bool {
        let trimmed = bytes.drop { $0 <= 0x20 }
        return trimmed.first == UInt8(ascii: "{") && !trimmed.starts(with: Self.open)
    }

    mutating func parse() throws(NoticeTemplateError) -> [NoticeTemplate.Part] {
        var start = 0
        while let open = index(of: Self.open, from: start) {
            try append(literal: start..<open)
            let end = bytes[(open + 2)...].firstIndex { $0 == UInt8(ascii: "\n") } ?? bytes.count
            guard let close = index(of: Self.close, from: open + 2), close < end else {
                throw error(at: open, "{{ without }} on its line", remedy: "write it like {{prompt:80}}")
            }
            guard parts.count < 2 * NoticeTemplate.placeholdersMax else {
                throw error(at: open, "it has more than \(NoticeTemplate.placeholdersMax) placeholders")
            }
            parts.append(try placeholder(in: open + 2..<close))
            start = close + 2
        }
        try append(literal: start..<bytes.count)
        return parts
    }

    /// Throws if braces of the text look like those of a placeholder. In JSON double braces may end objects.
    func rejectStrayBraces() throws(NoticeTemplateError) {
        for start in literals {
            let end = index(of: Self.open, from: start) ?? bytes.count
            if let stray = index(of: Self.close, from: start), stray < end {
                throw error(at: stray, "}} without {{")
            }
        }
    }

    private mutating func append(literal range: Range<Int>) throws(NoticeTemplateError) {
        guard !range.isEmpty else { return }
        literals.append(range.lowerBound)
        for name in Self.names {
            for single in ["{\(name)}", "{\(name):"] {
                guard let found = index(of: Array(single.utf8), from: range.lowerBound),
                    found < range.upperBound
                else { continue }
                throw error(at: found, "{\(name) has one brace", remedy: "write it like {{\(name)}}")
            }
        }
        parts.append(.literal(Array(bytes[range])))
    }

    private func placeholder(in range: Range<Int>) throws(NoticeTemplateError) -> NoticeTemplate.Part {
        let text = String(decoding: bytes[range], as: UTF8.self)
        let words = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard let placeholder = NoticePlaceholder(rawValue: words[0]) else {
            let nearest = NearestName.find(words[0], among: Self.names)
            throw error(
                at: range.lowerBound, "unknown placeholder {{\(words[0].prefix(40))}}",
                remedy: nearest.map { "did you mean {{\($0)}}?" }
                    ?? "known placeholders: \(Self.names.joined(separator: ", "))")
        }
        guard words.count == 2 else {
            return .value(placeholder, lengthMax: NoticeTemplate.lengths.upperBound)
        }
        guard let length = Int(words[1]), NoticeTemplate.lengths.contains(length) else {
            throw error(
                at: range.lowerBound, "\"\(words[1].prefix(40))\" is no length in characters",
                remedy: "write a number from \(NoticeTemplate.lengths.lowerBound) to "
                    + "\(NoticeTemplate.lengths.upperBound), like {{\(words[0]):80}}")
        }
        return .value(placeholder, lengthMax: length)
    }

    private func index(of pattern: [UInt8], from start: Int) -> Int? {
        guard bytes.count - start >= pattern.count else { return nil }
        return (start...(bytes.count - pattern.count)).first { bytes[$0...].starts(with: pattern) }
    }

    private func error(at index: Int, _ message: String, remedy: String? = nil) -> NoticeTemplateError {
        let line = bytes[..<index].count { $0 == UInt8(ascii: "\n") } + 1
        return NoticeTemplateError(line: line, message: message, remedy: remedy)
    }
}
