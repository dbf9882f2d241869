import TestSupport
import VideoJobs

@testable import Gateway

/// A random history of a queue with clients of different weights, from a seed. Each step is checked against
/// what weighted turns promise, from outside: by the order in which tasks leave the queue.
struct FairnessHistory {
    private struct Waiting {
        let id: TaskID
        let client: Int
    }

    private static let steps = 150

    private var random: SeededRandom
    private var queue: SubmissionQueue
    private var now = MonotonicTime(milliseconds: 0)
    private var weights: [Int]
    private let hasConstantWeights: Bool
    /// In the order of admission.
    private var waiting: [Waiting] = []
    private var sent: [QueuedTask] = []
    /// Turns of each client since it and another one wait without a break: `turns[client][other]`.
    private var turns: [[Int]]
    /// Clients that had a turn since the queue was empty.
    private var served: Set<Int> = []
    private var lastNumber = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        queue = SubmissionQueue(limit: random.number(1...6))
        let count = random.number(2...6)
        var weights: [Int] = []
        for _ in 0..<count { weights.append([1, 1, 2, 3, 7, 16, 50, 100][random.number(0...7)]) }
        self.weights = weights
        hasConstantWeights = random.number(0...3) > 0
        turns = Array(repeating: Array(repeating: 0, count: count), count: count)
        for client in weights.indices { queue.setWeight(weights[client], of: name(client)) }
    }

    private func name(_ client: Int) -> String { "client-\(client)" }

    mutating func run() throws {
        for step in 0..<Self.steps {
            switch random.number(0...9) {
            case 0...2: try admit(random.number(1...4))
            case 3: try admit(random.number(5...30))
            case 4: try withdraw()
            case 5: try reject()
            case 6: changeWeight()
            default: try send()
            }
            if step % 4 == 0 { try checkPositions() }
        }
    }

    private mutating func admit(_ count: Int) throws {
        let client = random.number(0...(weights.count - 1))
        let isNew = !served.contains(client) && !waiting.contains { $0.client == client }
        let others = Set(waiting.map(\.client)).subtracting([client]).count
        if !waiting.contains(where: { $0.client == client }) { forgetTurns(of: client) }
        for _ in 0..<count {
            lastNumber += 1
            let id = TaskID("t\(lastNumber)")
            queue.enqueue(id, of: name(client), payload: nil, traits: .none)
            waiting.append(Waiting(id: id, client: client))
        }
        guard isNew, let first = waiting.first(where: { $0.client == client }),
            let position = queue.position(of: first.id)
        else { return }
        guard position <= others + 1 else {
            throw InvariantError("\(first.id): position \(position) behind \(others) other clients")
        }
    }

    private mutating func withdraw() throws {
        guard !waiting.isEmpty else { return }
        let task = waiting.remove(at: random.number(0...(waiting.count - 1)))
        queue.withdraw(task.id)
        if !waiting.contains(where: { $0.client == task.client }) { forgetTurns(of: task.client) }
        forgetServedIfEmpty()
    }

    private mutating func changeWeight() {
        guard !hasConstantWeights else { return }
        let client = random.number(0...(weights.count - 1))
        weights[client] = random.number(1...100)
        queue.setWeight(weights[client], of: name(client))
    }

    /// Ends a submission and sends the next task.
    private mutating func send() throws {
        if sent.count == queue.limit {
            let ended = sent.remove(at: random.number(0...(sent.count - 1)))
            queue.endSubmission(ended.id)
            queue.release(ended.id)
        }
        guard let task = queue.dequeueNext(at: now) else {
            if waiting.isEmpty { return }
            throw InvariantError("\(waiting.count) tasks wait and none is sent")
        }
        guard let index = waiting.firstIndex(where: { $0.id == task.id }) else {
            throw InvariantError("\(task.id): sent but not waiting")
        }
        let client = waiting[index].client
        if let earlier = waiting[..<index].first(where: { $0.client == client }) {
            throw InvariantError("\(task.id): sent before \(earlier.id) of the same client")
        }
        waiting.remove(at: index)
        sent.append(task)
        served.insert(client)
        for other in Set(waiting.map(\.client)) { turns[client][other] += 1 }
        if !waiting.contains(where: { $0.client == client }) { forgetTurns(of: client) }
        forgetServedIfEmpty()
        if hasConstantWeights { try checkShares() }
    }

    /// Rejects a task for a reason that concerns all: it returns to the queue.
    private mutating func reject() throws {
        guard !sent.isEmpty else { return }
        let task = sent.remove(at: random.number(0...(sent.count - 1)))
        let terms = RetryTerms(backoff: Backoff(base: .seconds(1), cap: .seconds(1)), jitter: 0)
        queue.ended(task, .blocked(.providerUnreachable), retry: terms, at: now)
        queue.endSubmission(task.id)
        guard let client = weights.indices.first(where: { name($0) == task.client }) else { return }
        let number = Int(task.number)
        let index = waiting.firstIndex { Int($0.id.text.dropFirst()) ?? 0 > number } ?? waiting.count
        waiting.insert(Waiting(id: task.id, client: client), at: index)
        for client in weights.indices { forgetTurns(of: client) }
        now = now + .seconds(2)
        guard let probe = queue.dequeueNext(at: now) ?? dequeueAfterRelease() else {
            throw InvariantError("no probe is sent")
        }
        queue.ended(probe, .refused, retry: terms, at: now)
        queue.endSubmission(probe.id)
        queue.release(probe.id)
        if let sent = waiting.first(where: { $0.id == probe.id }) { served.insert(sent.client) }
        waiting.removeAll { $0.id == probe.id }
        for client in weights.indices { forgetTurns(of: client) }
        forgetServedIfEmpty()
    }

    private mutating func dequeueAfterRelease() -> QueuedTask? {
        for task in sent {
            queue.endSubmission(task.id)
            queue.release(task.id)
        }
        sent = []
        return queue.dequeueNext(at: now)
    }

    private mutating func forgetTurns(of client: Int) {
        for other in weights.indices {
            turns[client][other] = 0
            turns[other][client] = 0
        }
    }

    private mutating func forgetServedIfEmpty() {
        if waiting.isEmpty { served = [] }
    }
}

// Checks.
extension FairnessHistory {
    /// Checks that positions are the order in which the tasks would be sent.
    private func checkPositions() throws {
        var copy = queue
        for task in sent { copy.release(task.id) }
        var order: [TaskID] = []
        while let task = copy.dequeueNext(at: now) {
            order.append(task.id)
            copy.release(task.id)
        }
        guard order.count == waiting.count else {
            throw InvariantError("\(order.count) of \(waiting.count) tasks are sent")
        }
        for (index, id) in order.enumerated() {
            guard queue.position(of: id) == index + 1 else {
                throw InvariantError(
                    "\(id): position \(queue.position(of: id) ?? 0), sent as number \(index + 1)")
            }
        }
        for client in weights.indices {
            var further = queue
            let expected = further.ready.positionOfNext(of: name(client))
            further.enqueue(TaskID("further"), of: name(client), payload: nil)
            guard further.position(of: TaskID("further")) == expected else {
                throw InvariantError("\(name(client)): a further task does not get position \(expected)")
            }
        }
    }

    /// Checks that turns of clients which wait all the time are as their weights, but for one turn of each.
    private func checkShares() throws {
        for one in weights.indices {
            for other in weights.indices where other != one {
                let difference = turns[one][other] * weights[other] - turns[other][one] * weights[one]
                guard abs(difference) <= weights[one] + weights[other] else {
                    throw InvariantError(
                        "\(turns[one][other]) turns at weight \(weights[one]), \(turns[other][one]) at weight"
                            + " \(weights[other])")
                }
            }
        }
    }
}
