import VideoJobs

/// Jobs that the provider rejects for what seems to be one reason, and the known bounds of that reason.
///
/// The reason is assumed to be a combination of members: a model, a prompt, a model at a resolution. Two
/// rules narrow it down:
/// - Every job rejected for it has the whole combination. So it lies within the `core`, the members that all
/// of   them share.
/// - No accepted job has the whole combination. So it is not within the members that an accepted job has in
///   common with the core.
///
/// A job that has the whole core is *alike*: it waits for the next probe of the kind. A job that has no more
/// of the core than an accepted job is *cleared*: it is sent. Any other is *unproven*: such jobs are
/// candidates, probed one at a time, the least alike first; each probe either clears more jobs or makes the
/// core smaller.
///
/// After two unlike jobs were rejected there may be one reason that concerns every job, or two reasons. Until
/// a job is accepted the kind is *account-wide*: a job that differs from all rejected ones is probed after
/// the backoff, whatever `Retry-After` those received. Only a 429 holds such jobs too, since rates are
/// limited per account. If a job with the whole core is accepted, the kind is split, one part for each
/// rejected job.
struct RefusedKind {
    enum Likeness { case alike, unproven, cleared }

    /// A submission that probes the kind.
    struct Probe: Equatable {
        var id: TaskID
        var likeness: Likeness
    }

    /// Waiting jobs that are compared to find the best candidate.
    static let comparedMax = 1000
    /// Accepted combinations that are remembered.
    static let clearedMax = 64
    /// Rejected jobs that are remembered.
    static let examplesMax = 8

    /// A rejected job, and the earliest next attempt of equal jobs.
    private struct Example {
        var traits: JobTraits
        var until: MonotonicTime
    }

    private(set) var core: JobTraits
    private var cleared: [JobTraits] = []
    private var clearedMasks: [UInt64] = []
    /// The rejected jobs, the latest last.
    private var examples: [Example]
    private(set) var obstacle: BlockReason
    /// Consecutive rejected attempts.
    private(set) var refusals = 1
    /// The earliest probe with an alike job.
    private(set) var nextAlike: MonotonicTime
    /// The earliest probe with an unproven job: at once after the first rejection.
    private(set) var nextUnproven: MonotonicTime
    /// While account-wide: the earliest probe with a job that was never rejected and differs from all
    /// examples. Repeated rejections of one task do not delay it.
    private var nextUnlike: MonotonicTime
    /// Whether two unlike jobs were rejected with no acceptance between or since.
    private(set) var isAccountWide = false
    private(set) var probe: Probe?
    private var hasAcceptedSince = false
    /// The ordinal of the last rejection.
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

    /// Whether an accepted job has shown that the rejection is not about the account.
    var hasCleared: Bool { !cleared.isEmpty }

    func likeness(of traits: JobTraits) -> Likeness {
        let mask = core.mask(of: traits)
        if mask == core.fullMask { return .alike }
        return clearedMasks.contains { mask & ~$0 == 0 } ? .cleared : .unproven
    }
}

// Effects of verdicts.
extension RefusedKind {
    /// Records the rejection of a job that this kind does not clear.
    mutating func note(_ refusal: Refusal, of traits: JobTraits) {
        // Submissions in flight at the last rejection do not count again.
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
        // A repeated rejection of one job says nothing new about the account.
        if refusal.isKnown { return }
        if !hasAcceptedSince, !isAccountWide {
            isAccountWide = true
            // The waits of single jobs concern those jobs alone.
            if refusal.obstacle != .rateLimited { nextAlike = refusal.time }
        }
        hasAcceptedSince = false
    }

    /// The effect of an accepted job.
    enum Lesson { case nothing, moreCleared, over }

    /// Records that a job was accepted. `over`: the core is not the reason; see `parts(accepted:at:_:)`.
    mutating func noteAcceptance(of traits: JobTraits, at now: MonotonicTime) -> Lesson {
        hasAcceptedSince = true
        if likeness(of: traits) == .alike { return .over }
        let isNews = clear(traits)
        if isNews || isAccountWide { nextUnproven = min(nextUnproven, now) }
        if isAccountWide { nextAlike = examples.reduce(nextAlike) { max($0, $1.until) } }
        isAccountWide = false
        return isNews ? .moreCleared : .nothing
    }

    /// Remembers the members that an accepted job shares with the core. Returns whether that is new.
    private mutating func clear(_ traits: JobTraits) -> Bool {
        guard likeness(of: traits) == .unproven || cleared.isEmpty else { return false }
        if cleared.count == Self.clearedMax { cleared.removeFirst() }
        cleared.append(core.shared(with: traits))
        updateMasks()
        return true
    }

    /// Drops combinations that another one contains.
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

// Waiting jobs.
extension RefusedKind {
    mutating func add(_ task: QueuedTask, _ likeness: Likeness) {
        if likeness == .alike { alike.insert(task) } else { unproven.insert(task) }
    }

    mutating func remove(number: UInt64) -> QueuedTask? {
        alike.remove(number: number) ?? unproven.remove(number: number)
    }

    /// Releases the tasks whose likeness may have changed.
    mutating func release(_ lesson: Lesson, to line: inout WaitingLine) {
        switch lesson {
        case .nothing: break
        case .moreCleared: line.merge(&unproven)
        case .over:
            line.merge(&unproven)
            line.merge(&alike)
        }
    }

    /// Splits the kind after a job with the whole core was accepted: the reason is over, or there were
    /// several. Each waiting rejected job becomes a kind of its own with its wait, and is removed from this
    /// one.
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

    /// Removes the next candidate if a probe is due: one at a time, unproven ones first.
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

    /// Returns the best candidate: it lacks most of the core and differs most from the rejected jobs; of
    /// equals the earliest. A task that was never rejected comes first, unless it is an equal job.
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

    /// Returns how much a job differs from the last rejected one, or from the nearest while the kind is
    /// account-wide.
    private func differences(of traits: JobTraits) -> Int {
        let compared = isAccountWide ? examples[...] : examples.suffix(1)
        return compared.map { traits.differences(from: $0.traits) }.min() ?? 0
    }

    /// Returns the earliest probe with any job.
    private func earliestTry(_ likeness: Likeness) -> MonotonicTime {
        if likeness == .unproven { return nextUnproven }
        return isAccountWide ? min(nextUnlike, nextAlike) : nextAlike
    }

    /// Returns the earliest probe with a waiting task.
    func nextTry(of task: QueuedTask, _ likeness: Likeness, _ refused: RefusedTask?) -> MonotonicTime {
        if likeness == .unproven { return max(nextUnproven, refused?.until ?? nextUnproven) }
        if let refused { return max(nextAlike, refused.until) }
        guard isAccountWide else { return nextAlike }
        let same = examples.first { $0.traits == task.traits }
        return same.map { max(nextAlike, $0.until) } ?? nextUnlike
    }

    /// Returns the earliest probe with the task of this number; `nil` if it does not wait here.
    func nextTry(ofNumber number: UInt64, _ refused: [TaskID: RefusedTask]) -> MonotonicTime? {
        for (line, likeness) in [(alike, Likeness.alike), (unproven, .unproven)] {
            guard let index = line.index(of: number) else { continue }
            return nextTry(of: line[index], likeness, refused[line[index].id])
        }
        return nil
    }

    /// Returns the earliest next probe; `nil` while one is in flight or nothing waits.
    func nextTry(_ refused: [TaskID: RefusedTask]) -> MonotonicTime? {
        guard probe == nil else { return nil }
        return [(unproven, .unproven), (alike, .alike)].compactMap { earliest(in: $0, $1, refused) }.min()
    }

    /// Returns the earliest probe with one of the compared tasks.
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
