import VideoJobs

/// Checks the turns of clients by successive states of the queue: while nothing holds a client's first task,
/// others get no more turns before it than their weights allow.
struct TurnInvariant {
    /// The queue at one time.
    struct Snapshot {
        /// Waiting tasks with their clients, in the order of positions.
        var waiting: [(id: TaskID, client: String)]
        /// Tasks that were dequeued and have not ended.
        var occupied: Set<TaskID>
        /// Whether a rejection, a pause or the store may hold tasks.
        var isHolding: Bool
    }

    /// The weights of clients; 1 for others.
    let weights: [String: Int]
    private var last: Snapshot?
    /// Turns of other clients since a task became the first of its client.
    private var overtaken: [TaskID: [String: Int]] = [:]

    init(weights: [String: Int]) { self.weights = weights }

    /// Forgets the queue of an earlier process.
    mutating func reset() {
        last = nil
        overtaken = [:]
    }

    mutating func check(_ snapshot: Snapshot) throws {
        defer { last = snapshot }
        guard let last, !last.isHolding, !snapshot.isHolding else {
            overtaken = [:]
            return
        }
        let waiting = Set(snapshot.waiting.map(\.id))
        let dequeued = last.waiting.filter { !waiting.contains($0.id) && snapshot.occupied.contains($0.id) }
        var heads: [TaskID: [String: Int]] = [:]
        var seen: Set<String> = []
        for task in snapshot.waiting where seen.insert(task.client).inserted {
            // Counted from the state in which it was the first one.
            let wasFirst = last.waiting.first { $0.client == task.client }?.id == task.id
            var counts = wasFirst ? overtaken[task.id] ?? [:] : [:]
            if wasFirst {
                for other in dequeued where other.client != task.client {
                    counts[other.client, default: 0] += 1
                }
            }
            try check(counts, of: task)
            heads[task.id] = counts
        }
        overtaken = heads
    }

    private func check(_ counts: [String: Int], of task: (id: TaskID, client: String)) throws {
        for (other, count) in counts {
            let allowed = (weights[other] ?? 1) / (weights[task.client] ?? 1) + 1
            guard count <= allowed else {
                throw InvariantError("\(task.id): \(count) turns of \(other) before it, \(allowed) allowed")
            }
        }
    }
}
