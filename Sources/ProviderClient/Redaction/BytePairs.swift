/// A set of pairs of bytes.
struct BytePairs: Sendable {
    private var words = [UInt64](repeating: 0, count: 1024)
    private var firsts = [Bool](repeating: false, count: 256)

    mutating func insert(_ first: UInt8, _ second: UInt8) {
        words[Self.word(first, second)] |= Self.bit(second)
        firsts[Int(first)] = true
    }

    /// Whether a pair begins with a byte.
    func hasFirst(_ first: UInt8) -> Bool { firsts[Int(first)] }

    func contains(_ first: UInt8, _ second: UInt8) -> Bool {
        words[Self.word(first, second)] & Self.bit(second) != 0
    }

    private static func word(_ first: UInt8, _ second: UInt8) -> Int { Int(first) << 2 | Int(second >> 6) }
    private static func bit(_ second: UInt8) -> UInt64 { 1 << UInt64(second & 63) }
}
