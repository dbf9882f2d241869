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
///
/// When two unlike jobs were refused, the core says little: there may be one reason that concerns everybody,
/// or two. Until a job is accepted the kind is *account-wide*: a job that differs from all refused ones is
/// tried after the backoff, whatever those were told to wait. Only a 429 stops such jobs too until its
/// `Retry-After` is over: rates are limited by account. If a job is accepted that has the whole core, the
/// kind falls into parts, one for each refused job.
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
    /// Refused jobs that are remembered.
    static let examplesMax = 8

    /// A job that was refused, and how long jobs that are the same wait at least.
    private struct Example {
        var traits: JobTraits
        var until: MonotonicTime
    }

    private(set) var core: JobTraits
    private var cleared: [JobTraits] = []
    private var clearedMasks: [UInt64] = []
    /// The refused jobs; the last is the one that was refused last.
    private var examples: [Example]
    private(set) var obstacle: BlockReason
    /// Tries in a row that were refused.
    private(set) var refusals = 1
    /// When an alike job may be tried again.
    private(set) var nextAlike: MonotonicTime
    /// When an unproven job may be tried: after the first refusal at once.
    private(set) var nextUnproven: MonotonicTime
    /// While it is account-wide: when a job may be tried that was never refused and differs from all
    /// examples. A refusal of a task that was refused before does not put it off.
    private var nextUnlike: MonotonicTime
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
        obstacle = refusal.obstacle
        nextAlike = refusal.time + refusal.retry.delay(after: 1)
        examples = [Example(traits: traits, until: nextAlike)]
        nextUnproven = refusal.time
        nextUnlike = refusal.time
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
        // Those that were on their way at the last refusal do not count again.
        if refusal.seen >= lastRefusal { refusals += 1 }
        if likeness(of: traits) == .unproven { noteUnproven(refusal, traits) }
        let pause = refusal.time + refusal.pause(after: refusals)
        let asked = refusal.time + refusal.retry.delay(after: refusals)
        nextAlike = max(nextAlike, isAccountWide ? pause : asked)
        if isAccountWide, !refusal.isKnown { nextUnlike = max(nextUnlike, pause) }
        examples.removeAll { $0.traits == traits }
        if examples.count == Self.examplesMax { examples.removeFirst() }
        examples.append(Example(traits: traits, until: asked))
        obstacle = refusal.obstacle
        lastRefusal = refusal.number
    }

    private mutating func noteUnproven(_ refusal: Refusal, _ traits: JobTraits) {
        core = core.shared(with: traits)
        updateMasks()
        nextUnproven = max(nextUnproven, refusal.time + refusal.probingPause(after: refusals))
        // That a job is refused again says nothing new of the account.
        if refusal.isKnown { return }
        if !hasAcceptedSince, !isAccountWide {
            isAccountWide = true
            // What single jobs were told to wait is for them alone.
            if refusal.obstacle != .rateLimited { nextAlike = refusal.time }
        }
        hasAcceptedSince = false
    }

    /// What an accepted job changes.
    enum Lesson { case nothing, moreCleared, over }

    /// Notes that a job was accepted. `over`: the core is not the reason; see `parts(accepted:at:_:)`.
    mutating func noteAcceptance(of traits: JobTraits, at now: MonotonicTime) -> Lesson {
        hasAcceptedSince = true
        if likeness(of: traits) == .alike { return .over }
        let isNews = clear(traits)
        if isNews || isAccountWide { nextUnproven = min(nextUnproven, now) }
        if isAccountWide { nextAlike = examples.reduce(nextAlike) { max($0, $1.until) } }
        isAccountWide = false
        return isNews ? .moreCleared : .nothing
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
        case .over:
            line.merge(&unproven)
            line.merge(&alike)
        }
    }

    /// What remains when a job was accepted that has the whole core: either the reason is over, or there were
    /// several. So each waiting job that was refused is a kind of its own, and waits as long as before. Takes
    /// those jobs out of this kind.
    mutating func parts(
        accepted: JobTraits, at now: MonotonicTime, _ refused: [TaskID: RefusedTask]
    ) -> [RefusedKind] {
        var parts: [RefusedKind] = []
        for index in (0..<min(alike.count, Self.comparedMax)).reversed() {
            guard let earlier = refused[alike[index].id], let traits = alike[index].traits,
                traits.mask(of: accepted) != traits.fullMask
            else { continue }
            if let same = parts.firstIndex(where: { $0.core == traits }) {
                parts[same].alike.insert(alike.remove(at: index))
            } else if parts.count < Self.examplesMax {
                var part = part(traits, earlier, at: now)
                _ = part.clear(accepted)
                part.alike.insert(alike.remove(at: index))
                parts.append(part)
            }
        }
        return parts
    }

    private func part(_ traits: JobTraits, _ earlier: RefusedTask, at now: MonotonicTime) -> RefusedKind {
        var part = self
        (part.core, part.cleared, part.probe, part.isAccountWide) = (traits, [], nil, false)
        (part.alike, part.unproven) = (WaitingLine(), WaitingLine())
        (part.obstacle, part.refusals) = (earlier.obstacle, earlier.refusals)
        part.nextAlike = max(nextAlike, earlier.until)
        part.nextUnproven = now
        part.examples = [Example(traits: traits, until: part.nextAlike)]
        return part
    }

    mutating func endProbe(_ id: TaskID) { if probe?.id == id { probe = nil } }

    /// Takes the task by which the kind is tried next, if it is time: one at a time, unproven ones first.
    mutating func takeProbe(at now: MonotonicTime, _ refused: [TaskID: RefusedTask]) -> QueuedTask? {
        guard probe == nil else { return nil }
        if let index = leastAlike(in: unproven, .unproven, at: now, refused) {
            let task = unproven.remove(at: index)
            probe = Probe(id: task.id, likeness: .unproven)
            return task
        }
        guard let index = leastAlike(in: alike, .alike, at: now, refused) else { return nil }
        let task = alike.remove(at: index)
        probe = Probe(id: task.id, likeness: .alike)
        return task
    }

    /// The task that lacks most of the core and differs most from the refused jobs; of equals the earliest.
    /// One that was never refused comes before one that was, unless it is the same job.
    private func leastAlike(
        in line: WaitingLine, _ likeness: Likeness, at now: MonotonicTime, _ refused: [TaskID: RefusedTask]
    ) -> Int? {
        guard earliestTry(likeness) <= now else { return nil }
        var best: (index: Int, score: (Int, Int, Int))?
        for index in 0..<min(line.count, Self.comparedMax) {
            let task = line[index]
            if nextTry(of: task, likeness, refused[task.id]) > now { continue }
            let differences = task.traits.map(differences) ?? 0
            let lacking = core.count - (task.traits.map { core.mask(of: $0).nonzeroBitCount } ?? core.count)
            let score = (refused[task.id] == nil && differences > 0 ? 1 : 0, lacking, differences)
            if let best, score <= best.score { continue }
            best = (index, score)
        }
        return best?.index
    }

    /// How much a job differs from what was refused: from the last job, or from the nearest while it is not
    /// known what the refused jobs have to do with each other.
    private func differences(of traits: JobTraits) -> Int {
        let compared = isAccountWide ? examples[...] : examples.suffix(1)
        return compared.map { traits.differences(from: $0.traits) }.min() ?? 0
    }

    /// When anybody may be tried at the earliest.
    private func earliestTry(_ likeness: Likeness) -> MonotonicTime {
        if likeness == .unproven { return nextUnproven }
        return isAccountWide ? min(nextUnlike, nextAlike) : nextAlike
    }

    /// When a task that waits for the kind may be tried.
    func nextTry(of task: QueuedTask, _ likeness: Likeness, _ refused: RefusedTask?) -> MonotonicTime {
        if likeness == .unproven { return max(nextUnproven, refused?.until ?? nextUnproven) }
        if let refused { return max(nextAlike, refused.until) }
        guard isAccountWide else { return nextAlike }
        let same = examples.first { $0.traits == task.traits }
        return same.map { max(nextAlike, $0.until) } ?? nextUnlike
    }

    /// When the task with this number may be tried; `nil` if it does not wait for the kind.
    func nextTry(ofNumber number: UInt64, _ refused: [TaskID: RefusedTask]) -> MonotonicTime? {
        for (line, likeness) in [(alike, Likeness.alike), (unproven, .unproven)] {
            guard let index = line.index(of: number) else { continue }
            return nextTry(of: line[index], likeness, refused[line[index].id])
        }
        return nil
    }

    /// When somebody who waits for it may be tried; `nil` while a try runs or nobody waits.
    func nextTry(_ refused: [TaskID: RefusedTask]) -> MonotonicTime? {
        guard probe == nil else { return nil }
        return [(unproven, .unproven), (alike, .alike)].compactMap { earliest(in: $0, $1, refused) }.min()
    }

    /// When the first of those that are compared may be tried.
    private func earliest(
        in line: WaitingLine, _ likeness: Likeness, _ refused: [TaskID: RefusedTask]
    ) -> MonotonicTime? {
        var earliest: MonotonicTime?
        for index in 0..<min(line.count, Self.comparedMax) {
            let time = nextTry(of: line[index], likeness, refused[line[index].id])
            if time <= earliestTry(likeness) { return time }
            earliest = min(earliest ?? time, time)
        }
        return earliest
    }
}
