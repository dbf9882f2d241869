/// Header or trailer fields (RFC 9110 §5) in order, stored in wire format.
///
/// The storage is `Name: value\r\n…`, so writing a response's fields is one copy, and reading a request's
/// fields creates no strings until they are accessed.
package struct HTTPFields: Sendable {
    /// The positions of one line's parts in `bytes`. The name begins the line.
    struct Line: Sendable {
        var start: UInt32
        var nameEnd: UInt32
        var valueStart: UInt32
        var valueEnd: UInt32

        var name: Range<Int> { Int(start)..<Int(nameEnd) }
        var value: Range<Int> { Int(valueStart)..<Int(valueEnd) }
    }

    /// The lines in HTTP/1.1 format, each with its CRLF.
    package private(set) var bytes: [UInt8] = []
    private var lines: [Line] = []

    package init() {}

    /// Creates parsed fields; `lines` refers to `bytes`.
    init(bytes: [UInt8], lines: [Line]) {
        self.bytes = bytes
        self.lines = lines
    }

    /// Appends a field. Name and value must be valid (RFC 9110 §5.1, §5.5). Control bytes in the value are
    /// replaced by spaces, so that no value can start a new line.
    package mutating func append(_ name: String, _ value: String) {
        assert(!name.isEmpty && name.utf8.allSatisfy(ByteSet.token.contains), "invalid field name: \(name)")
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

    /// Returns the positions in `bytes` of the name and value of the line at `position`.
    package func lineRanges(at position: Int) -> (name: Range<Int>, value: Range<Int>) {
        (lines[position].name, lines[position].value)
    }

    /// The number of field lines.
    package var count: Int { lines.count }
    package var isEmpty: Bool { lines.isEmpty }

    /// Returns the name and value of the line at `position` as sent; invalid UTF-8 in a value becomes U+FFFD.
    package func line(at position: Int) -> (name: String, value: String) {
        (text(lines[position].name), text(lines[position].value))
    }

    /// The value of the first field with this name (case-insensitive); `nil` if there is none.
    package subscript(name: String) -> String? {
        for line in lines where matches(line, name) { return text(line.value) }
        return nil
    }

    /// Returns the value of the only field with this name; `nil` if there is none or more than one.
    package func single(_ name: String) -> String? {
        var found: Line?
        for line in lines where matches(line, name) {
            if found != nil { return nil }
            found = line
        }
        return found.map { text($0.value) }
    }

    /// Returns all values of this name in order.
    package func values(_ name: String) -> [String] {
        lines.compactMap { matches($0, name) ? text($0.value) : nil }
    }

    /// Returns whether there is a field with this name (case-insensitive).
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
    /// Equal if their wire format is identical.
    package static func == (left: HTTPFields, right: HTTPFields) -> Bool {
        left.bytes == right.bytes
    }
}
