import VideoJobs

// The choice of the next task while some jobs are rejected.
extension SubmissionQueue {
    /// The number of patterns that are kept. A further one replaces the one with the oldest last rejection.
    static let patternsMax = 16
    /// The number of waiting tasks that one search examines; it continues after `searchPause`.
    static let searchedMax = 1000
    private static let searchPause: Duration = .milliseconds(1)
    /// The number of concurrent reads of traits from the store.
    static let traitReadsMax = 32

    /// Whether some jobs are rejected, so that waiting jobs are compared with them.
    var hasRejectionPatterns: Bool { !patterns.isEmpty }

    /// Inserts a waiting task into the pattern that holds it, or among the ready tasks.
    mutating func insert(_ task: QueuedTask) {
        if let traits = task.traits, let (index, match) = pattern(holding: traits) {
            patterns[index].add(task, match)
        } else {
            ready.insert(task)
        }
    }

    /// Returns the index of the pattern that holds a job: one that it matches, else one for which it is
    /// undetermined.
    private func pattern(holding traits: JobTraits) -> (pattern: Int, RejectionPattern.Match)? {
        var undetermined: Int?
        for (index, pattern) in patterns.enumerated() {
            switch pattern.match(of: traits) {
            case .matching: return (index, .matching)
            case .undetermined: undetermined = undetermined ?? index
            case .excluded: break
            }
        }
        return undetermined.map { ($0, .undetermined) }
    }

    /// Removes and returns the next task to send: a probe that is due, else the first task in the order of
    /// turns that is not held. Either is a turn of its client.
    mutating func dequeueReady(at now: MonotonicTime) -> QueuedTask? {
        guard hasRejectionPatterns || !backoffs.isEmpty else { return ready.dequeueFirst() }
        endBackoffs(at: now)
        removeEndedPatterns(at: now)
        let (next, isComplete) = moveHeldTasks(at: now)
        if isComplete {
            for index in patterns.indices {
                if let task = patterns[index].dequeueProbe(at: now, backoffs) {
                    return ready.chargingTurn(of: task)
                }
            }
        }
        return next.flatMap { ready.dequeue(at: $0) }
    }

    /// Moves held tasks from the ready tasks to their patterns until a task is found that is not held.
    /// Returns the search at that task. `isComplete` is false if the traits of an earlier task are not known
    /// yet: then the best candidate for a probe cannot be chosen.
    @discardableResult
    mutating func moveHeldTasks(at now: MonotonicTime) -> (next: ReadyTaskSearch?, isComplete: Bool) {
        searchResumption = nil
        var search = ready.search()
        for _ in 0..<Self.searchedMax {
            guard let task = ready.task(at: search) else { return (nil, !search.hasSkipped) }
            if hasRejectionPatterns, task.traits == nil {
                ready.skip(in: &search)
            } else if let traits = task.traits, let (holder, match) = pattern(holding: traits) {
                ready.remove(at: &search)
                patterns[holder].add(task, match)
            } else if let backoff = backoffs[task.id], backoff.until > now {
                ready.remove(at: &search)
                backingOff.insert(task)
            } else {
                return (search, !search.hasSkipped)
            }
        }
        searchResumption = now + Self.searchPause
        return (nil, !search.hasSkipped)
    }

    /// Moves tasks whose backoff has ended to the ready tasks.
    private mutating func endBackoffs(at now: MonotonicTime) {
        for index in (0..<backingOff.count).reversed() {
            let until = backoffs[backingOff[index].id]?.until ?? now
            if until <= now { ready.insert(backingOff.remove(at: index)) }
        }
    }

    /// Removes patterns without a waiting task, a probe or a backoff.
    private mutating func removeEndedPatterns(at now: MonotonicTime) {
        patterns.removeAll { pattern in
            pattern.matching.isEmpty && pattern.undetermined.isEmpty && pattern.probe == nil
                && now >= pattern.nextMatchingProbe
        }
    }
}

// Effects of verdicts.
extension SubmissionQueue {
    /// Adds a rejection to the pattern that holds the job, or begins a new pattern.
    mutating func recordRejection(_ attempt: RejectedAttempt, of traits: JobTraits) {
        let matches = patterns.map { $0.match(of: traits) }
        guard let index = matches.firstIndex(of: .matching) ?? matches.firstIndex(of: .undetermined) else {
            return add(RejectionPattern(traits, attempt))
        }
        patterns[index].record(attempt, of: traits)
        if matches[index] == .undetermined { patterns[index].release(.excludedMore, to: &ready) }
    }

    /// Adds a pattern, and drops the oldest one at the limit.
    private mutating func add(_ pattern: RejectionPattern) {
        if patterns.count == Self.patternsMax,
            let oldest = patterns.indices.min(by: { patterns[$0].lastRejection < patterns[$1].lastRejection })
        {
            patterns[oldest].release(.refuted, to: &ready)
            patterns.remove(at: oldest)
        }
        patterns.append(pattern)
    }

    /// Updates all patterns after a job was accepted.
    mutating func recordAcceptance(of traits: JobTraits, at now: MonotonicTime) {
        for index in patterns.indices.reversed() {
            let effect = patterns[index].recordAcceptance(of: traits, at: now)
            if effect == .refuted {
                split(patternAt: index, accepted: traits, at: now)
            } else {
                patterns[index].release(effect, to: &ready)
            }
        }
    }

    /// Replaces a pattern by its parts, as many as `patternsMax` allows.
    private mutating func split(patternAt index: Int, accepted: JobTraits, at now: MonotonicTime) {
        var pattern = patterns.remove(at: index)
        for var part in pattern.split(accepted: accepted, at: now, backoffs) {
            if patterns.count < Self.patternsMax {
                patterns.append(part)
            } else {
                part.release(.refuted, to: &ready)
            }
        }
        pattern.release(.refuted, to: &ready)
    }
}

// Reading traits for comparison.
extension SubmissionQueue {
    /// Returns the tasks whose traits must be read to decide whether they are held.
    mutating func tasksMissingTraits(at now: MonotonicTime) -> [QueuedTask] {
        guard hasRejectionPatterns, maySend(at: now) else { return [] }
        var tasks: [QueuedTask] = []
        var search = ready.search()
        for _ in 0..<Self.searchedMax {
            guard traitReads.count < Self.traitReadsMax, let task = ready.task(at: search) else { break }
            if task.traits == nil, traitReads.insert(task.id).inserted { tasks.append(task) }
            ready.skip(in: &search)
        }
        return tasks
    }

    /// Records the traits of a task; `nil` if they could not be read.
    mutating func setTraits(_ traits: JobTraits?, of task: QueuedTask) {
        traitReads.remove(task.id)
        ready.setTraits(traits, of: task.key)
    }
}
