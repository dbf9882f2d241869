/// A search through the ready tasks of a `FairTaskQueue` in the order of turns.
struct ReadyTaskSearch {
    /// The turns that are still to come.
    var turns: TurnHeap
    /// The number of tasks of each client that were passed over.
    var skipped: [Int: Int] = [:]

    /// Whether a task was passed over.
    var hasSkipped: Bool { !skipped.isEmpty }
}
