/// Whether bytes are a whole MP4, as far as its outermost boxes tell: walks them while the bytes come in.
///
/// ISO/IEC 14496-12, section 4.2: a box begins with its 32-bit size and its type; size 1 means that a 64-bit
/// size follows, size 0 that the box goes on to the end of the file. Sizes are a stranger's words: nothing is
/// reserved or added up because of them.
struct MP4Structure: Sendable {
    /// Why bytes are no whole MP4.
    struct Fault: Error, Equatable, Sendable {
        let message: String
    }

    private enum Position {
        /// Within a box's header, with what came of it.
        case header([UInt8])
        /// Within a box's content, with the bytes that are still to come.
        case content(UInt64)
        /// Within the box that ends with the file.
        case last
    }

    private var position = Position.header([])
    private var hasType = false
    private var hasIndex = false
    private var hasMedia = false
    private var box = ""

    /// Takes in the next piece, of any length.
    mutating func consume(_ bytes: [UInt8]) throws(Fault) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch position {
            case .header(let begun):
                let wanted = Self.headerLength(begun) - begun.count
                let header = begun + rest.prefix(wanted)
                rest = rest.dropFirst(wanted)
                position =
                    header.count == Self.headerLength(header) ? try opened(header) : .header(header)
            case .content(let missing):
                let count = UInt64(rest.count) < missing ? rest.count : Int(missing)
                if box == "mdat" { hasMedia = true }
                rest = rest.dropFirst(count)
                position = missing == UInt64(count) ? .header([]) : .content(missing - UInt64(count))
            case .last:
                if box == "mdat" { hasMedia = true }
                return
            }
        }
    }

    /// Says whether what came is whole.
    func finish() throws(Fault) {
        switch position {
        case .header(let begun) where !begun.isEmpty: throw Fault(message: "it ends within a box's header")
        case .content(let missing): throw Fault(message: "\(missing) bytes of its box \(box) are missing")
        case .header, .last: break
        }
        guard hasType else { throw Fault(message: "it is empty") }
        guard hasIndex else { throw Fault(message: "it has no moov box") }
        guard hasMedia else { throw Fault(message: "it has no media") }
    }

    private static func headerLength(_ begun: [UInt8]) -> Int {
        begun.count >= 8 && number(begun.prefix(4)) == 1 ? 16 : 8
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Begins a box whose header is whole.
    private mutating func opened(_ header: [UInt8]) throws(Fault) -> Position {
        let type = header[4..<8]
        guard hasType || type.elementsEqual("ftyp".utf8) else {
            throw Fault(message: "it does not begin like an MP4")
        }
        hasType = true
        // A stranger's letters do not go into our words.
        box = ["ftyp", "moov", "mdat"].first { type.elementsEqual($0.utf8) } ?? "other"
        if box == "moov" { hasIndex = true }
        let size = Self.number(header.count == 16 ? header[8...] : header[..<4])
        if size == 0, header.count == 8 { return .last }
        guard size >= header.count else { throw Fault(message: "a box is smaller than its header") }
        let content = size - UInt64(header.count)
        return content == 0 ? .header([]) : .content(content)
    }
}
