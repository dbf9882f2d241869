/// What an input showed to be wrong: a promise that does not hold for it.
struct Finding: Error, CustomStringConvertible {
    let message: String

    init(_ message: String) { self.message = message }

    var description: String { message }
}

/// Throws a finding unless the promise holds.
func promise(_ holds: Bool, _ message: @autoclosure () -> String) throws(Finding) {
    guard !holds else { return }
    throw Finding(message())
}

extension [UInt8] {
    /// A number that follows from the bytes (FNV-1a), so that choices made with it repeat with the input.
    var fingerprint: UInt64 {
        reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
