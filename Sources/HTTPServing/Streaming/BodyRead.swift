/// The outcome of reading a `BodySource`.
package enum BodyRead: Equatable, Sendable {
    case bytes(ArraySlice<UInt8>)
    /// There is nothing to send now.
    case pending
    /// The body is complete.
    case end
}
