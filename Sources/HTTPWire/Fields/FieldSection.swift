/// The complete field lines of a header or trailer section so far. Positions are relative to the section, so
/// that the input may move.
struct FieldSection: Sendable {
    /// The start of the section, relative to the first unconsumed byte.
    var start = 0
    /// The length of the complete lines in bytes.
    private(set) var length = 0
    private(set) var lines: [HTTPFields.Line] = []

    init(start: Int = 0) {
        self.start = start
    }

    /// Returns the lines and clears them.
    mutating func removeLines() -> [HTTPFields.Line] {
        var taken: [HTTPFields.Line] = []
        swap(&taken, &lines)
        return taken
    }

    /// Appends a line of the input. The section starts at `origin`, and the line ends at `end`.
    mutating func append(_ line: FieldLine, from origin: Int, to end: Int) {
        if lines.isEmpty { lines.reserveCapacity(12) }
        lines.append(
            HTTPFields.Line(
                start: UInt32(line.name.lowerBound - origin), nameEnd: UInt32(line.name.upperBound - origin),
                valueStart: UInt32(line.value.lowerBound - origin),
                valueEnd: UInt32(line.value.upperBound - origin)))
        length = end - origin
    }
}
