/// Header or trailer fields (RFC 9110 §5) in order, kept as the bytes that stand on the wire.
///
/// The storage is `Name: value\r\n…`, so that writing a response's fields is one copy, and reading a
/// request's makes no string until one is asked for.
package struct HTTPFields: Sendable {
    /// Where the parts of one line stand in `bytes`. The name begins the line.
    struct Line: Sendable {
        var start: UInt32
        var nameEnd: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32

        var name: Range<Int> { Int(start)..<Int(nameEnd) }
        var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    }

    /// The lines as they stand on the wire of HTTP/1.1, each with its CRLF.
    package private(set) var bytes: [UInt8] = []
    private var lines: [Line] = []

    package init() {}

    /// Fields that were parsed: `lines` points into `bytes`.
    init(bytes: [UInt8], lines: [Line]) {
        self.bytes = bytes
        self.lines = lines
    }

    /// Appends a field. Name and value must be valid (RFC 9110 §5.1, §5.5): ours are, and theirs were parsed.
    /// A control byte in the value becomes a space all the same, so that no value can ever begin a line of
    /// its own.
    package mutating func append(_ name: String, _ value: String) {
        assert(!name.isEmpty && name.utf8.allSatisfy(ByteSet.token.contains), "not a field name: \(name)")
        let start = UInt32(bytes.count)
        bytes.append(contentsOf: name.utf8)
        let nameEnd = UInt32(bytes.count)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(.space)
        let valueStart = UInt32(bytes.count)
        for byte in value.utf8 { bytes.append(byte.isControl ? .space : byte) }
        let valueEnd = UInt32(bytes.count)
        bytes.append(.carriageReturn)
        bytes.append(.lineFeed)
        lines.append(Line(start: start, nameEnd: nameEnd, valueStart: valueStart, valueEnd: valueEnd))
    }

    /// Where in `bytes` the name and the value of the line at `position` stand.
    package func place(at position: Int) -> (name: Range<Int>, value: Range<Int>) {
        (lines[position].name, lines[position].value)
    }

    /// How many field lines there are.
    package var count: Int { lines.count }
    package var isEmpty: Bool { lines.isEmpty }

    /// The name and value of the line at `position`, as they were sent. Bytes of a value that are not UTF-8
    /// read as U+FFFD.
    package func line(at position: Int) -> (name: String, value: String) {
        (text(lines[position].name), text(lines[position].value))
    }

    /// The value of the only or first field of this name (compared without case); `nil` if there is none.
    package subscript(name: String) -> String? {
        for line in lines where matches(line, name) { return text(line.value) }
        return nil
    }

    /// The value of the only field of this name; `nil` if there is none, or more than one.
    package func single(_ name: String) -> String? {
        var found: Line?
        for line in lines where matches(line, name) {
            if found != nil { return nil }
            found = line
        }
        return found.map { text($0.value) }
    }

    /// All values of this name, in order.
    package func values(_ name: String) -> [String] {
        lines.compactMap { matches($0, name) ? text($0.value) : nil }
    }

    /// Whether there is a field of this name (compared without case).
    package func contains(_ name: String) -> Bool {
        lines.contains { matches($0, name) }
    }

    private func matches(_ line: Line, _ name: String) -> Bool {
        guard Int(line.nameEnd - line.start) == name.utf8.count else { return false }
        var index = Int(line.start)
        for byte in name.utf8 {
            guard bytes[index].lowercased == byte.lowercased else { return false }
            index += 1
        }
        return true
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}

extension HTTPFields: Equatable {
    /// Equal when they would be written alike, byte for byte.
    package static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.bytes == right.bytes
    }
}
