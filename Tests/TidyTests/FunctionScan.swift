/// Finds functions in blanked code by keyword, parentheses and braces.
struct FunctionScan {
    private let bytes: [UInt8]
    private var line = 0
    private var index = 0

    static func functions(in file: SwiftFile) -> [FunctionShape] {
        let bytes = Array(file.code.joined(separator: "\n").utf8)
        var shapes: [FunctionShape] = []
        var line = 0
        for index in bytes.indices {
            if bytes[index] == UInt8(ascii: "\n") { line += 1 }
            for keyword in ["func", "init"] where isWord(keyword, in: bytes, at: index) {
                var scan = FunctionScan(bytes: bytes, line: line, index: index + keyword.utf8.count)
                if let shape = scan.shape(isInitializer: keyword == "init") { shapes.append(shape) }
            }
        }
        return shapes
    }

    private init(bytes: [UInt8], line: Int, index: Int) {
        self.bytes = bytes
        self.line = line
        self.index = index
    }

    private static func isWord(_ word: String, in bytes: [UInt8], at index: Int) -> Bool {
        guard bytes[index] == word.utf8.first, bytes[index...].starts(with: word.utf8) else { return false }
        let end = index + word.utf8.count
        // `.init(` is a call.
        let before = index > 0 ? bytes[index - 1] : UInt8(ascii: " ")
        let isBounded = !Words.isWordLetter(before) && before != UInt8(ascii: ".")
        return isBounded && (end == bytes.count || !Words.isWordLetter(bytes[end]))
    }

    private mutating func shape(isInitializer: Bool) -> FunctionShape? {
        let start = line
        // The name and generic parameters, up to the parameter list.
        while let byte = peek, byte != UInt8(ascii: "(") {
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}") { return nil }
            advance()
        }
        let parameters = countParameters()
        guard findBody() else {
            return FunctionShape(
                line: start, isInitializer: isInitializer, parameters: parameters, bodyLines: 0, nesting: 0)
        }
        let opening = line
        let nesting = passBody()
        return FunctionShape(
            line: start, isInitializer: isInitializer, parameters: parameters,
            bodyLines: max(0, line - opening - 1), nesting: nesting)
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func advance() {
        if bytes[index] == UInt8(ascii: "\n") { line += 1 }
        index += 1
    }

    /// From the opening parenthesis to after the closing one: one more than its commas, 0 if it is empty.
    private mutating func countParameters() -> Int {
        var depth = 0
        var commas = 0
        var isEmpty = true
        var previous = UInt8(ascii: " ")
        while let byte = peek {
            advance()
            defer { previous = byte }
            switch byte {
            case UInt8(ascii: ">") where previous == UInt8(ascii: "-"): continue
            case UInt8(ascii: "<"): depth += 1
            case UInt8(ascii: ">"): depth -= 1
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ",") where depth == 1: commas += 1
            case UInt8(ascii: " "), UInt8(ascii: "\n"): continue
            default: isEmpty = false
            }
            if depth == 0 { break }
        }
        return isEmpty ? 0 : commas + 1
    }

    /// Goes to the brace that opens the body; false if the declaration ends without one.
    private mutating func findBody() -> Bool {
        var isFreshLine = false
        while let byte = peek {
            if byte == UInt8(ascii: "{") { return true }
            if byte == UInt8(ascii: "}") { return false }
            if byte == UInt8(ascii: "\n") {
                isFreshLine = true
            } else if byte != UInt8(ascii: " "), isFreshLine {
                // A declaration goes on only with its result, its constraints or its effects.
                let goesOn = ["->", "where", "async", "throws", "rethrows"].contains {
                    bytes[index...].starts(with: $0.utf8)
                }
                if !goesOn { return false }
                isFreshLine = false
            }
            advance()
        }
        return false
    }

    /// From the opening brace to the closing one; returns how deep braces that span lines were nested.
    private mutating func passBody() -> Int {
        var openings: [Int] = []
        var inner: [Int] = []
        var deepest = 0
        while let byte = peek {
            if byte == UInt8(ascii: "{") {
                openings.append(line)
                inner.append(0)
            } else if byte == UInt8(ascii: "}") {
                let opening = openings.removeLast()
                let below = inner.removeLast()
                if openings.isEmpty { return below }
                let depth = below + (opening == line ? 0 : 1)
                inner[inner.count - 1] = max(inner[inner.count - 1], depth)
                deepest = max(deepest, depth)
            }
            advance()
        }
        return deepest
    }
}
