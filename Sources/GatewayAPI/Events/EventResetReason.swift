/// Why a stream begins with a snapshot; the member `reason` of `event: reset`.
enum EventResetReason: String, Sendable {
    /// The client named no event.
    case new
    /// The client named an event that this store does not have, or one too long ago.
    case unknownEvent = "unknown_event"
}
