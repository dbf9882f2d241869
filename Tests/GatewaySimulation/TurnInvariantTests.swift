import Testing
import VideoJobs

/// The check of turns finds a queue that ignores them.
@Suite struct TurnInvariantTests {
    private let waiting: [(id: TaskID, client: String)] =
        (1...9).map { (TaskID("a\($0)"), "a") } + [(TaskID("b1"), "b")]

    /// Returns the first error while the tasks leave the queue in this order.
    private func error(order: [String], weights: [String: Int] = [:]) -> String? {
        var invariant = TurnInvariant(weights: weights)
        var queue = waiting
        var occupied: Set<TaskID> = []
        do {
            try invariant.check(.init(waiting: queue, occupied: [], isHolding: false))
            for name in order {
                queue.removeAll { $0.id == TaskID(name) }
                occupied.insert(TaskID(name))
                try invariant.check(.init(waiting: queue, occupied: occupied, isHolding: false))
            }
            return nil
        } catch { return "\(error)" }
    }

    @Test func `tasks in the order of admission are detected`() {
        #expect(error(order: ["a1", "a2", "a3"])?.contains("3 turns of a before it, 2 allowed") == true)
    }

    @Test func `turns by weight are allowed`() {
        #expect(error(order: ["a1", "b1", "a2", "a3", "a4"]) == nil)
        #expect(error(order: ["a1", "a2", "a3", "a4", "b1"], weights: ["a": 3]) == nil)
    }
}
