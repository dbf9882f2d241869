import TestSupport
import VideoJobs

@testable import Gateway

/// A random history of a queue and a provider that rejects jobs with certain members, from a seed.
struct RejectionHistory {
    struct Job {
        let id: TaskID
        let members: [String: String]
        let traits: JobTraits
        let admitted: MonotonicTime
    }

    private static let choices: [(member: String, values: Int)] = [
        ("model", 2), ("client", 3), ("resolution", 3), ("generate_audio", 2), ("prompt", 40),
    ]
    private static let end = MonotonicTime(milliseconds: 600_000)

    private var random: SeededRandom
    private var queue = SubmissionQueue(limit: 6)
    private var now = MonotonicTime(milliseconds: 0)
    private var submitting: [(task: QueuedTask, ends: MonotonicTime)] = []
    private var running: [(id: TaskID, ends: MonotonicTime)] = []
    private var notBefore: [TaskID: MonotonicTime] = [:]
    private(set) var waiting: [TaskID: Job] = [:]
    /// The members that every rejected job has.
    let reason: [String: String]
    private(set) var rejections = 0
    private(set) var earlyAttempts = 0
    private(set) var longestUnaffected = Duration.zero
    private(set) var longestAfterEnd = Duration.zero
    private(set) var blockedSeconds = 0

    init(seed: UInt64) {
        random = SeededRandom(seed: seed)
        var reason: [String: String] = [:]
        let names = Self.choices.map(\.member)
        for _ in 0...random.number(0...1) { reason[names[random.number(0...(names.count - 1))]] = "0" }
        self.reason = reason
    }

    mutating func run() {
        var number = 0
        while now < Self.end || !waiting.isEmpty && now < Self.end + .seconds(1200) {
            if now < Self.end, random.number(0...9) < 6 {
                number += 1
                admitJob(number)
            }
            step()
            now = now + .milliseconds(500)
        }
    }

    private mutating func admitJob(_ number: Int) {
        var members: [String: String] = [:]
        for (member, values) in Self.choices { members[member] = "\(random.number(0...(values - 1)))" }
        let text = members.filter { $0.key != "client" }.map { #""\#($0.key)":"\#($0.value)""# }
        let payload = Array("{\(text.joined(separator: ","))}".utf8)
        let traits = JobTraits(payload: payload, client: members["client"] ?? "")
        let job = Job(id: TaskID("t\(number)"), members: members, traits: traits, admitted: now)
        waiting[job.id] = job
        // The queue reads the traits of some jobs later.
        queue.enqueue(
            job.id, of: members["client"] ?? "", payload: nil,
            traits: random.number(0...3) == 0 ? nil : traits)
    }

    private mutating func step() {
        for task in submitting.filter({ $0.ends <= now }) { end(task.task) }
        submitting.removeAll { $0.ends <= now }
        for one in running.filter({ $0.ends <= now }) { queue.release(one.id) }
        running.removeAll { $0.ends <= now }
        if now.milliseconds % 1000 == 0, queue.blockReason(at: now) != nil, now < Self.end {
            blockedSeconds += 1
        }
        while true {
            for task in queue.tasksMissingTraits(at: now) {
                queue.setTraits(waiting[task.id]?.traits, of: task)
            }
            guard let task = queue.dequeueNext(at: now) else { return }
            if let until = notBefore[task.id], now < until { earlyAttempts += 1 }
            submitting.append((task, now + .milliseconds(random.number(1...900))))
        }
    }

    private mutating func end(_ task: QueuedTask) {
        guard let job = waiting[task.id] else { return }
        let isAffected = now < Self.end && reason.allSatisfy { job.members[$0.key] == $0.value }
        var terms = RetryTerms(
            backoff: Backoff(base: .seconds(1), cap: .seconds(60)), jitter: Double(random.number(0...9)) / 10)
        if isAffected {
            rejections += 1
            if random.number(0...9) == 0 { terms.retryAfter = .seconds(random.number(1...60)) }
            notBefore[job.id] = terms.retryAfter.map { now + $0 }
            queue.ended(task, .notAccepted(.providerUnreachable, job.traits), retry: terms, at: now)
            return
        }
        queue.ended(task, .accepted(job.traits), retry: terms, at: now)
        waiting[job.id] = nil
        running.append((job.id, now + .milliseconds(random.number(500...2500))))
        let wasAffected = reason.allSatisfy { job.members[$0.key] == $0.value }
        if !wasAffected { longestUnaffected = max(longestUnaffected, now - job.admitted) }
        if now > Self.end, job.admitted < Self.end { longestAfterEnd = max(longestAfterEnd, now - Self.end) }
    }
}
