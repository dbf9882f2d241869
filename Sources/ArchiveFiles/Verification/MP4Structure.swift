/// An incremental parser of an MP4 file's outermost boxes, which finds out whether the file is complete.
///
/// ISO/IEC 14496-12, section 4.2: a box begins with its 32-bit size and its type; size 1 means that a 64-bit
/// size follows, size 0 that the box extends to the end of the file. Sizes are untrusted: no memory is
/// reserved for them, and they are not added up.
struct MP4Structure: Sendable {
    /// The reason why a file is not a complete MP4.
    struct FormatError: Error, Equatable, Sendable {
        let message: String
    }

    private enum Position {
        /// Within a box's header, with its first bytes.
        case header([UInt8])
        /// Within a box's content, with the number of bytes still expected.
        case content(UInt64)
        /// Within the box that ends with the file.
        case last
    }

    private var position = Position.header([])
    private var hasType = false
    private var hasIndex = false
    private var hasMedia = false
    private var box = ""
    /// The manifest of content credentials that the current box may be; `nil` for other boxes.
    private var manifest: ManifestBox?
    /// Whether a box with a C2PA manifest was found.
    private(set) var hasManifest = false

    /// Parses the next piece, of any length.
    mutating func consume(_ bytes: [UInt8]) throws(FormatError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            switch position {
            case .header(let begun):
                let wanted = Self.headerLength(begun) - begun.count
                let header = begun + rest.prefix(wanted)
                rest = rest.dropFirst(wanted)
                position =
                    header.count == Self.headerLength(header) ? try position(after: header) : .header(header)
            case .content(let missing):
                let count = UInt64(rest.count) < missing ? rest.count : Int(missing)
                inspect(rest.prefix(count))
                if box == "mdat" { hasMedia = true }
                rest = rest.dropFirst(count)
                position = missing == UInt64(count) ? .header([]) : .content(missing - UInt64(count))
            case .last:
                inspect(rest)
                if box == "mdat" { hasMedia = true }
                return
            }
        }
    }

    /// Throws if the file is not complete.
    func finish() throws(FormatError) {
        switch position {
        case .header(let begun) where !begun.isEmpty:
            throw FormatError(message: "it ends within a box's header")
        case .content(let missing):
            throw FormatError(message: "\(missing) bytes of its box \(box) are missing")
        case .header, .last: break
        }
        guard hasType else { throw FormatError(message: "it is empty") }
        guard hasIndex else { throw FormatError(message: "it has no moov box") }
        guard hasMedia else { throw FormatError(message: "it has no media") }
    }

    private mutating func inspect(_ content: ArraySlice<UInt8>) {
        manifest?.consume(content)
        if manifest?.isManifest == true { hasManifest = true }
    }

    private static func headerLength(_ begun: [UInt8]) -> Int {
        begun.count >= 8 && number(begun.prefix(4)) == 1 ? 16 : 8
    }

    private static func number(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Returns the position after a complete box header.
    private mutating func position(after header: [UInt8]) throws(FormatError) -> Position {
        let type = header[4..<8]
        guard hasType || type.elementsEqual("ftyp".utf8) else {
            throw FormatError(message: "it does not begin like an MP4")
        }
        hasType = true
        // Untrusted letters are not part of error messages.
        box = ["ftyp", "moov", "mdat"].first { type.elementsEqual($0.utf8) } ?? "other"
        if box == "moov" { hasIndex = true }
        manifest = ManifestBox(type: type)
        let size = Self.number(header.count == 16 ? header[8...] : header[..<4])
        if size == 0, header.count == 8 { return .last }
        guard size >= header.count else { throw FormatError(message: "a box is smaller than its header") }
        let content = size - UInt64(header.count)
        return content == 0 ? .header([]) : .content(content)
    }
}
