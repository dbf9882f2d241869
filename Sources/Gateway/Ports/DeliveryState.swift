/// The state of a delivery; the raw values are stored and sent.
package enum DeliveryState: String, CaseIterable, Sendable {
    /// An attempt is due, or will be.
    case pending
    /// The receiver accepted it.
    case delivered
    /// The receiver wants no more (410).
    case stopped
    /// All attempts of the schedule failed.
    case failed
}
