/// Replaces comments and the contents of string literals and raw identifiers by spaces. Line ends stay, so
/// that lines and columns do not change. Interpolations are blanked with their literal.
struct SwiftBlanking {
    /// Bytes that can begin a comment, a literal or a raw identifier.
    private static let opening = Set("/#\"`".utf8)

    private let bytes: [UInt8]
    private var output: [UInt8] = []
    private var index = 0

    static func blanked(_ bytes: [UInt8]) -> [UInt8] {
        var blanking = SwiftBlanking(bytes: bytes)
        blanking.run()
        return blanking.output
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
        output.reserveCapacity(bytes.count)
    }

    private mutating func run() {
        while index < bytes.count {
            if !Self.opening.contains(bytes[index]) {
                keep(1)
            } else if starts(with: "//") {
                blankLine()
            } else if starts(with: "/*") {
                blankComment()
            } else if let pounds = literalStart() {
                blankLiteral(pounds: pounds)
            } else if bytes[index] == UInt8(ascii: "`") {
                keep(1)
                while index < bytes.count, bytes[index] != UInt8(ascii: "`") { blank(1) }
                keep(1)
            } else {
                keep(1)
            }
        }
    }

    private mutating func blankLine() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { blank(1) }
    }

    /// Block comments nest in Swift.
    private mutating func blankComment() {
        var depth = 0
        repeat {
            if starts(with: "/*") {
                depth += 1
                blank(2)
            } else if starts(with: "*/") {
                depth -= 1
                blank(2)
            } else {
                blank(1)
            }
        } while depth > 0 && index < bytes.count
    }

    /// How many `#` stand before the quote here; `nil` if no literal begins here.
    private func literalStart() -> Int? {
        var pounds = 0
        while index + pounds < bytes.count, bytes[index + pounds] == UInt8(ascii: "#") { pounds += 1 }
        guard index + pounds < bytes.count, bytes[index + pounds] == UInt8(ascii: "\"") else { return nil }
        return pounds
    }

    private mutating func blankLiteral(pounds: Int) {
        blank(pounds)
        let isMultiline = starts(with: "\"\"\"")
        let fence = String(repeating: "#", count: pounds)
        let end = (isMultiline ? "\"\"\"" : "\"") + fence
        blank(isMultiline ? 3 : 1)
        while index < bytes.count, !starts(with: end) {
            if starts(with: "\\\(fence)(") {
                blank(2 + pounds)
                blankInterpolation()
            } else if starts(with: "\\\(fence)") {
                blank(2 + pounds)
            } else {
                blank(1)
            }
        }
        blank(end.utf8.count)
    }

    /// Inside `\(`: to the parenthesis that closes it, over literals of its own.
    private mutating func blankInterpolation() {
        var depth = 1
        while index < bytes.count, depth > 0 {
            if let pounds = literalStart() {
                blankLiteral(pounds: pounds)
                continue
            }
            if bytes[index] == UInt8(ascii: "(") { depth += 1 }
            if bytes[index] == UInt8(ascii: ")") { depth -= 1 }
            blank(1)
        }
    }

    private func starts(with text: String) -> Bool {
        bytes[index] == text.utf8.first && bytes[index...].starts(with: text.utf8)
    }

    private mutating func keep(_ count: Int) {
        for _ in 0..<count where index < bytes.count {
            output.append(bytes[index])
            index += 1
        }
    }

    private mutating func blank(_ count: Int) {
        for _ in 0..<count where index < bytes.count {
            output.append(bytes[index] == UInt8(ascii: "\n") ? bytes[index] : UInt8(ascii: " "))
            index += 1
        }
    }
}
