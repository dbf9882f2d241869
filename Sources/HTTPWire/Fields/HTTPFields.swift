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

    /// Appends the lines in HTTP/1.1 format to a buffer.
    package func append(to out: inout [UInt8]) {
        if !lines.isEmpty { out.append(contentsOf: bytes) }
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
        guard let position = position(of: name, from: 0) else { return nil }
        return text(lines[position].value)
    }

    /// Returns the value of the only field with this name; `nil` if there is none or more than one.
    package func single(_ name: String) -> String? {
        singleBytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Returns the bytes of the value of the only field with this name; `nil` if there is none or more than
    /// one.
    package func singleBytes(_ name: String) -> ArraySlice<UInt8>? {
        guard let position = position(of: name, from: 0), self.position(of: name, from: position + 1) == nil
        else { return nil }
        return bytes[lines[position].value]
    }

    /// Returns all values of this name in order.
    package func values(_ name: String) -> [String] {
        var values: [String] = []
        var next = 0
        while let position = position(of: name, from: next) {
            values.append(text(lines[position].value))
            next = position + 1
        }
        return values
    }

    /// Returns whether there is a field with this name (case-insensitive).
    package func contains(_ name: String) -> Bool {
        position(of: name, from: 0) != nil
    }

    /// Returns the position of the first line with a name (case-insensitive), from a position on.
    private func position(of name: String, from start: Int) -> Int? {
        let length = name.utf8.count
        var position = start
        while position < lines.count {
            let line = lines[position]
            if Int(line.nameEnd - line.start) == length, hasName(name, at: Int(line.start)) {
                return position
            }
            position += 1
        }
        return nil
    }

    private func hasName(_ name: String, at start: Int) -> Bool {
        var index = start
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
