/// A quick walk over JSON text that knows only strings and brackets: how deep it gets, where a place lies.
///
/// Accepts anything; what it says of text that is no JSON is good enough to describe a fault.
struct JSONScan {
    /// An array or object that is open.
    struct Container {
        var isObject: Bool
        /// Whether the colon of its current member was seen.
        var colonSeen = false
    }

    private(set) var open: [Container] = []
    /// Where the last string began, and whether it is still open.
    private(set) var stringStart: Int?
    private(set) var inString = false
    /// The last byte outside strings and white space; a closing quote stands for a string.
    private(set) var lastSignificant: UInt8?
    /// The bracket that exceeds the depth; the walk stops there.
    private(set) var tooDeepAt: Int?

    init(_ bytes: [UInt8], upTo end: Int, depthMax: Int = .max) {
        var index = 0
        while index < end {
            let byte = bytes[index]
            if inString {
                if byte == UInt8(ascii: "\\") { index += 1 }
                if byte == UInt8(ascii: "\"") { closeString() }
            } else {
                visit(byte, at: index)
                if open.count > depthMax {
                    tooDeepAt = index
                    return
                }
            }
            index += 1
        }
    }

    private mutating func closeString() {
        inString = false
        lastSignificant = UInt8(ascii: "\"")
    }

    private mutating func visit(_ byte: UInt8, at index: Int) {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): return
        case UInt8(ascii: "\""):
            stringStart = index
            inString = true
            return
        case UInt8(ascii: "{"): open.append(Container(isObject: true))
        case UInt8(ascii: "["): open.append(Container(isObject: false))
        case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
        case UInt8(ascii: ":"): setColon(true)
        case UInt8(ascii: ","): setColon(false)
        default: break
        }
        lastSignificant = byte
    }

    private mutating func setColon(_ seen: Bool) {
        guard !open.isEmpty else { return }
        open[open.count - 1].colonSeen = seen
    }
}

extension JSONError {
    /// A fault at a byte of a text; columns count characters (Unicode scalars) as RFC 3629 encodes them.
    init(at offset: Int, in bytes: [UInt8], message: String) {
        let before = bytes.prefix(offset)
        let line = before.count { $0 == UInt8(ascii: "\n") } + 1
        let lineStart = (before.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
        // Continuation bytes (10xxxxxx) belong to the character before them.
        let column = before[lineStart...].count { $0 & 0xC0 != 0x80 } + 1
        self.init(line: line, column: column, message: message)
    }
}
