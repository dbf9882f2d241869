/// The result of a non-blocking transfer.
package enum Progress: Equatable, Sendable {
    case moved(Int)
    case blocked
    /// The peer sends no more.
    case ended
}
