import TestSupport

extension SeededRandom {
    /// Returns a random number in a range.
    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }
}
