import GatewayFakes
import Synchronization
import Testing
import VideoJobs

@testable import Gateway

/// Weighted turns of clients. `FairnessHistoryTests` checks random histories.
@Suite struct FairTaskQueueTests {
    private let now = MonotonicTime(milliseconds: 0)

    /// Adds tasks of a client, named `a1`, `a2` and so on.
    private func add(
        _ range: ClosedRange<Int>, of client: String, to queue: inout SubmissionQueue,
        traits: JobTraits? = nil
    ) {
        for number in range {
            queue.enqueue(TaskID("\(client)\(number)"), of: client, payload: nil, traits: traits)
        }
    }

    /// Sends the next tasks and returns their names.
    private func send(_ count: Int, from queue: inout SubmissionQueue) -> String {
        var names: [String] = []
        for _ in 0..<count {
            guard let task = queue.dequeueNext(at: now) else { break }
            names.append(task.id.text)
            queue.endSubmission(task.id)
            queue.release(task.id)
        }
        return names.joined(separator: " ")
    }

    @Test func `one job waits for at most one turn of a client with 500 jobs`() {
        var queue = SubmissionQueue(limit: 1)
        add(1...500, of: "a", to: &queue)
        #expect(send(8, from: &queue) == "a1 a2 a3 a4 a5 a6 a7 a8")
        add(1...1, of: "b", to: &queue)
        #expect(queue.position(of: TaskID("b1")) == 1)
        #expect(queue.position(of: TaskID("a9")) == 2)
        #expect(queue.position(of: TaskID("a500")) == 493)
        #expect(send(3, from: &queue) == "b1 a9 a10")
    }

    @Test func `turns are as the weights, from the next turn on`() {
        var queue = SubmissionQueue(limit: 1)
        queue.setWeight(3, of: "a")
        add(1...40, of: "a", to: &queue)
        add(1...40, of: "b", to: &queue)
        #expect(send(10, from: &queue) == "a1 b1 a2 a3 a4 b2 a5 a6 a7 b3")
        queue.setWeight(1, of: "a")
        queue.setWeight(2, of: "b")
        #expect(send(8, from: &queue) == "a8 b4 a9 b5 b6 a10 b7 b8")
    }

    @Test func `a client that did not wait gets no turns for that time`() {
        var queue = SubmissionQueue(limit: 1)
        add(1...3, of: "idle", to: &queue)
        add(1...100, of: "a", to: &queue)
        #expect(send(6, from: &queue) == "idle1 a1 idle2 a2 idle3 a3")
        _ = send(50, from: &queue)
        add(4...9, of: "idle", to: &queue)
        #expect(send(6, from: &queue) == "idle4 a54 idle5 a55 idle6 a56")
    }

    @Test func `a client that sends one job after the other gets no more than its turns`() {
        var queue = SubmissionQueue(limit: 1)
        add(1...100, of: "a", to: &queue)
        var order: [String] = []
        for number in 1...5 {
            add(number...number, of: "b", to: &queue)
            order.append(send(1, from: &queue))
            add((100 + number)...(100 + number), of: "b", to: &queue)
            order.append(send(1, from: &queue))
        }
        #expect(order.filter { $0.hasPrefix("b") }.count == 5)
    }

    @Test func `a rejected job returns to its position, and its client gets the turn back`() throws {
        var queue = SubmissionQueue(limit: 3)
        for client in ["a", "b", "c"] { add(1...3, of: client, to: &queue, traits: .plain) }
        var first: [QueuedTask] = []
        while let task = queue.dequeueNext(at: now) { first.append(task) }
        #expect(first.map(\.id.text) == ["a1", "b1", "c1"])
        for task in [first[1], first[0], first[2]] {
            queue.ended(task, .blocked(.providerUnreachable), retry: .fixed(9), at: now)
        }
        let names = ["a1", "b1", "c1", "a2", "b2", "c2", "a3", "b3", "c3"]
        #expect(names.map { queue.position(of: TaskID($0)) } == Array(1...9))
        let probe = queue.dequeueNext(at: now + .seconds(9))
        #expect(probe?.id.text == "a1")
    }

    @Test func `jobs that a rejection held join the turns again`() throws {
        var queue = SubmissionQueue(limit: 1)
        add(1...4, of: "a", to: &queue, traits: .plain)
        add(1...2, of: "b", to: &queue, traits: .plain)
        let next = queue.dequeueNext(at: now)
        let task = try #require(next)
        queue.ended(task, .notAccepted(.providerUnreachable, .plain), retry: .fixed(9), at: now)
        #expect(queue.dequeueNext(at: now) == nil)
        #expect(["a1", "b1", "a2"].map { queue.position(of: TaskID($0)) } == [1, 2, 3])
        let later = now + .seconds(9)
        let dequeued = queue.dequeueNext(at: later)
        let probe = try #require(dequeued)
        queue.ended(probe, .accepted(.plain), retry: .fixed(1), at: later)
        queue.endSubmission(probe.id)
        queue.release(probe.id)
        #expect(probe.id.text == "a1")
        #expect(send(5, from: &queue) == "b1 a2 b2 a3 a4")
    }

    @Test func `a heap of turns returns them in order, also after changes`() {
        var heap = TurnHeap()
        for client in 0..<50 {
            heap.set(TurnHeap.Turn(time: client * 37 % 50, number: UInt64(client), client: client))
        }
        for client in stride(from: 0, to: 50, by: 3) { heap.remove(client) }
        for client in stride(from: 1, to: 50, by: 3) {
            heap.set(TurnHeap.Turn(time: client * 11 % 50, number: UInt64(client), client: client))
        }
        var times: [Int] = []
        while let turn = heap.first {
            times.append(turn.time)
            heap.remove(turn.client)
        }
        #expect(times.count == 33)
        #expect(times == times.sorted())
    }

    @Test func `a changed weight holds at once in a running gateway, and after a restart`() throws {
        let harness = makeHarness { $0.maxInFlight = 1 }
        let digest = try #require(TokenDigest(Array(repeating: 7, count: 32)))
        _ = harness.run {
            try await $0.clients.add("a", for: .open, { $0.weight = 2 }, digest: { _ in digest })
        }
        for client in ["other", "a", "a", "a", "b", "b"] {
            _ = harness.run { try await $0.admit(VideoJob(model: "m", payload: [7]), client: client) }
        }
        let ids = harness.store.durable.filter { $0.state == .queued }.map(\.id)
        func positions() -> [Int?] {
            harness.gateway.services.submissions.queue.withLock { queue in
                ids.map { queue.position(of: $0) }
            }
        }
        #expect(positions() == [1, 3, 4, 2, 5])
        _ = harness.run { try await $0.clients.update("a", for: .open) { $0.weight = 1 } }
        #expect(positions() == [1, 3, 5, 2, 4])
        harness.restart()
        #expect(positions() == [1, 3, 5, 2, 4])
    }
}
