/// A property that does not hold for an input.
struct PropertyError: Error, CustomStringConvertible {
    let message: String

    init(_ message: String) { self.message = message }

    var description: String { message }
}

/// Throws unless the property holds.
func require(_ holds: Bool, _ message: @autoclosure () -> String) throws(PropertyError) {
    guard !holds else { return }
    throw PropertyError(message())
}

extension [UInt8] {
    /// The FNV-1a hash of the bytes: a seed that depends on nothing but the input.
    var fingerprint: UInt64 {
        reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
    }
}
