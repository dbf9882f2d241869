import VideoJobs

/// Jobs that the provider refuses for what seems to be one reason, and what is known of that reason.
///
/// The reason is taken to be some combination of members: a model, a prompt, a model at a resolution. Two
/// rules find it out:
/// - Every job refused for it has the whole combination. So it lies within the `core`, the members that all
///   of them share.
/// - No accepted job has the whole combination. So it is not within what an accepted job has of the core,
///   nor within any part of that.
///
/// A job that has the whole core is *alike*: it waits for the next try of the kind. A job that has no more of
/// the core than an accepted job had is *cleared*: it is sent. Any other is *unproven*: such jobs are tried
/// one at a time, the least alike first, and each try either clears more jobs or makes the core smaller.
struct RefusedKind {
    enum Likeness { case alike, unproven, cleared }

    /// A submission by which the kind is tried.
    struct Probe: Equatable {
        var id: TaskID
        var likeness: Likeness
    }

    /// Waiting jobs that are compared to find the least alike.
    static let comparedMax = 1000
    /// Accepted combinations that are remembered.
    static let clearedMax = 64

    private(set) var core: JobTraits
    private var cleared: [JobTraits] = []
    private var clearedMasks: [UInt64] = []
    /// The job that was refused last.
    private var example: JobTraits
    private(set) var obstacle: SubmissionObstacle
    /// Tries in a row that were refused.
    private(set) var refusals = 1
    /// When an alike job may be tried again.
    private(set) var nextAlike: MonotonicTime
    /// When an unproven job may be tried: after the first refusal at once.
    private(set) var nextUnproven: MonotonicTime
    /// Whether two unlike jobs were refused with no acceptance between or since.
    private(set) var isAccountWide = false
    private(set) var probe: Probe?
    private var hasAcceptedSince = false
    /// The number of the last refusal.
    private(set) var lastRefusal: Int

    private(set) var alike = WaitingLine()
    private(set) var unproven = WaitingLine()

    init(_ traits: JobTraits, _ refusal: Refusal) {
        core = traits
        example = traits
        obstacle = refusal.obstacle
        nextAlike = refusal.time + refusal.retry.delay(after: 1)
        nextUnproven = refusal.time
        lastRefusal = refusal.number
    }

    /// Whether an accepted job has shown that the refusal is not about the account.
    var hasCleared: Bool { !cleared.isEmpty }

    func likeness(of traits: JobTraits) -> Likeness {
        let mask = core.mask(of: traits)
        if mask == core.fullMask { return .alike }
        return clearedMasks.contains { mask & ~$0 == 0 } ? .cleared : .unproven
    }
}

// What verdicts teach.
extension RefusedKind {
    /// Notes that a job was refused which this kind does not clear.
    mutating func note(_ refusal: Refusal, of traits: JobTraits) {
        let isUnlike = likeness(of: traits) == .unproven
        // Those that were on their way at the last refusal do not count again.
        if refusal.seen >= lastRefusal { refusals += 1 }
        nextAlike = max(nextAlike, refusal.time + refusal.retry.delay(after: refusals))
        if isUnlike {
            let next = refusal.time + refusal.retry.probingDelay(after: refusals)
            nextUnproven = max(nextUnproven, next)
            core = core.shared(with: traits)
            updateMasks()
            if !hasAcceptedSince { isAccountWide = true }
        }
        hasAcceptedSince = false
        obstacle = refusal.obstacle
        example = traits
        lastRefusal = refusal.number
    }

    /// What an accepted job changes.
    enum Lesson { case nothing, moreCleared, newCore, over }

    /// Notes that a job was accepted.
    mutating func noteAcceptance(of traits: JobTraits, at now: MonotonicTime) -> Lesson {
        hasAcceptedSince = true
        guard likeness(of: traits) == .alike else {
            let isNews = clear(traits)
            if isNews || isAccountWide { nextUnproven = min(nextUnproven, now) }
            isAccountWide = false
            return isNews ? .moreCleared : .nothing
        }
        guard example.mask(of: traits) != example.fullMask else { return .over }
        // The reason is over, or there were two: what was refused last is all that remains suspect.
        core = example
        cleared = []
        refusals = 1
        isAccountWide = false
        nextUnproven = min(nextUnproven, now)
        _ = clear(traits)
        return .newCore
    }

    /// Remembers what an accepted job has of the core; whether that was not known.
    private mutating func clear(_ traits: JobTraits) -> Bool {
        guard likeness(of: traits) == .unproven || cleared.isEmpty else { return false }
        if cleared.count == Self.clearedMax { cleared.removeFirst() }
        cleared.append(core.shared(with: traits))
        updateMasks()
        return true
    }

    /// Drops what is contained in another combination.
    private mutating func updateMasks() {
        let masks = cleared.map { core.mask(of: $0) }
        let kept = masks.indices.filter { index in
            !masks.indices.contains { other in
                masks[index] & ~masks[other] == 0
                    && (masks[index] != masks[other] || other < index)
            }
        }
        cleared = kept.map { cleared[$0] }
        clearedMasks = kept.map { masks[$0] }
    }
}

// Who waits for it.
extension RefusedKind {
    mutating func add(_ task: QueuedTask, _ likeness: Likeness) {
        if likeness == .alike { alike.insert(task) } else { unproven.insert(task) }
    }

    mutating func remove(number: UInt64) -> QueuedTask? {
        alike.remove(number: number) ?? unproven.remove(number: number)
    }

    /// Gives up those whose likeness may have changed.
    mutating func release(_ lesson: Lesson, to line: inout WaitingLine) {
        switch lesson {
        case .nothing: break
        case .moreCleared: line.merge(&unproven)
        case .newCore, .over:
            line.merge(&unproven)
            line.merge(&alike)
        }
    }

    mutating func endProbe(_ id: TaskID) { if probe?.id == id { probe = nil } }

    /// Takes the task by which the kind is tried next, if it is time: one at a time, unproven ones first.
    mutating func takeProbe(at now: MonotonicTime, _ refused: [TaskID: RefusedTask]) -> QueuedTask? {
        guard probe == nil else { return nil }
        if now >= nextUnproven, let index = leastAlike(in: unproven, at: now, refused) {
            let task = unproven.remove(at: index)
            probe = Probe(id: task.id, likeness: .unproven)
            return task
        }
        guard now >= nextAlike, let index = leastAlike(in: alike, at: now, refused) else { return nil }
        let task = alike.remove(at: index)
        probe = Probe(id: task.id, likeness: .alike)
        return task
    }

    /// The task that lacks most of the core and differs most from the job refused last; of equals the
    /// earliest. One that was never refused comes before one that was, unless it is the same job.
    private func leastAlike(
        in line: WaitingLine, at now: MonotonicTime, _ refused: [TaskID: RefusedTask]
    ) -> Int? {
        var best: (index: Int, score: (Int, Int, Int))?
        for index in 0..<min(line.count, Self.comparedMax) {
            let task = line[index]
            let earlier = refused[task.id]
            if let earlier, earlier.until > now { continue }
            let traits = task.traits ?? example
            let differences = traits.differences(from: example)
            let lacking = core.count - core.mask(of: traits).nonzeroBitCount
            let score = (earlier == nil && differences > 0 ? 1 : 0, lacking, differences)
            if let best, score <= best.score { continue }
            best = (index, score)
        }
        return best?.index
    }

    /// When somebody who waits for it may be tried; `nil` while a try runs or nobody waits.
    func nextTry(_ refused: [TaskID: RefusedTask]) -> MonotonicTime? {
        guard probe == nil else { return nil }
        let times = [(unproven, nextUnproven), (alike, nextAlike)].compactMap { line, next in
            Self.earliest(in: line, refused).map { max($0, next) }
        }
        return times.min()
    }

    /// When the first of those that are compared is ready by itself.
    private static func earliest(
        in line: WaitingLine, _ refused: [TaskID: RefusedTask]
    ) -> MonotonicTime? {
        var earliest: MonotonicTime?
        for index in 0..<min(line.count, comparedMax) {
            guard let until = refused[line[index].id]?.until else { return MonotonicTime(milliseconds: .min) }
            earliest = min(earliest ?? until, until)
        }
        return earliest
    }
}
