/// What an input showed to be wrong: a promise that does not hold for it.
struct Finding: Error, CustomStringConvertible {
    let words: String

    init(_ words: String) { self.words = words }

    var description: String { words }
}

/// Throws a finding unless the promise holds.
func promise(_ holds: Bool, _ words: @autoclosure () -> String) throws(Finding) {
    guard !holds else { return }
    throw Finding(words())
}

extension [UInt8] {
    /// A number that follows from the bytes (FNV-1a), so that choices made with it repeat with the input.
    var fingerprint: UInt64 {
        reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
