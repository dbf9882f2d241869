/// The state of a `StreamedContent`.
package enum StreamedContentState: Equatable, Sendable {
    /// So many bytes are ready, at least one.
    case bytes(Int)
    case pending
    case end
}
