/// An iterator over a comma-separated list that skips empty elements (RFC 9110 §5.6.1.2).
struct ListElements {
    private var rest: Range<Int>

    init(_ range: Range<Int>) { rest = range }

    mutating func next(in input: Span<UInt8>) -> Range<Int>? {
        while !rest.isEmpty {
            let comma = input.firstIndex(of: UInt8(ascii: ","), in: rest)
            let element = input.trimmed(rest.lowerBound..<(comma ?? rest.upperBound))
            rest = (comma.map { $0 + 1 } ?? rest.upperBound)..<rest.upperBound
            if !element.isEmpty { return element }
        }
        return nil
    }
}
