/// A state of a task that a client received.
struct ObservedState: Hashable, Sendable {
    var state: String
    var version: Int
}
