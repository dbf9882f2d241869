/// A scan of JSON text for strings and brackets only: the nesting depth and the context of an offset.
///
/// Accepts any text. Its findings for invalid JSON are sufficient to describe an error.
struct JSONScan {
    /// An array or object that is not closed yet.
    struct Container {
        var isObject: Bool
        /// Whether the colon of the current member was scanned.
        var colonSeen = false
    }

    private(set) var open: [Container] = []
    /// The offset of the last string.
    private(set) var stringStart: Int?
    /// Whether the last string is not closed yet.
    private(set) var inString = false
    /// The last byte outside strings and white space; a closing quote represents a string.
    private(set) var lastSignificant: UInt8?
    /// The offset of the bracket that exceeds the depth; the scan stops there.
    private(set) var tooDeepAt: Int?

    init(_ bytes: [UInt8], upTo end: Int, depthMax: Int = .max) {
        var index = 0
        while index < end {
            let byte = bytes[index]
            if inString {
                if byte == UInt8(ascii: "\\") { index += 1 }
                if byte == UInt8(ascii: "\"") { closeString() }
            } else {
                scan(byte, at: index)
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

    private mutating func scan(_ byte: UInt8, at index: Int) {
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
