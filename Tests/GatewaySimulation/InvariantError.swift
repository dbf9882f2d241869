/// An invariant that does not hold.
struct InvariantError: Error, CustomStringConvertible {
    let description: String

    init(_ message: String) { description = message }
}
