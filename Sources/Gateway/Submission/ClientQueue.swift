/// The waiting tasks of one client, and its next turn.
struct ClientQueue {
    /// The virtual time of one turn of a client with weight 1. A multiple of 1 to 16, so that the turns of
    /// clients with such weights coincide exactly.
    private static let turnTime = 720_720 << 12

    var weight: Int
    /// The virtual time of the next turn. In the past if the client has had none for a while: see
    /// `start(_:)`.
    var nextTurn = 0
    /// Decides between clients whose turns are at the same time: the number of the task with which the client
    /// began to wait.
    private(set) var firstNumber: UInt64 = 0
    /// The tasks that may be sent.
    var ready = QueuedTaskList()
    /// All waiting tasks, held ones included.
    private(set) var waiting = AdmissionNumbers()

    init(weight: Int) { self.weight = weight }

    /// The virtual time that one turn costs.
    var turnCost: Int { Self.turnTime / max(weight, 1) }

    /// Returns the virtual time of the next turn. A client that did not wait gets no turns for the past.
    func start(_ virtualTime: Int) -> Int { max(nextTurn, virtualTime) }

    /// Adds the number of a waiting task.
    mutating func addWaiting(_ number: UInt64) {
        firstNumber = waiting.isEmpty ? number : min(firstNumber, number)
        waiting.insert(number)
    }

    /// Removes the number of a task that waits no longer. Returns whether it was there.
    mutating func removeWaiting(_ number: UInt64) -> Bool { waiting.remove(number) }

    /// Returns how many of its tasks have their turn before another client's turn.
    func turns(before turn: TurnHeap.Turn, _ virtualTime: Int) -> Int {
        let elapsed = turn.time - start(virtualTime)
        guard elapsed >= 0 else { return 0 }
        let (turns, rest) = elapsed.quotientAndRemainder(dividingBy: turnCost)
        let isEqualBefore = rest > 0 || firstNumber < turn.number
        return min(turns + (isEqualBefore ? 1 : 0), waiting.count)
    }
}
