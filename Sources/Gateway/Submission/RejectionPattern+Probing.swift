import VideoJobs

// The choice and the times of probes.
extension RejectionPattern {
    /// Ends the probe with this task, if it is the probe in flight.
    mutating func endProbe(_ id: TaskID) { if probe?.id == id { probe = nil } }

    /// Removes the next candidate if a probe is due: one at a time, undetermined ones first.
    mutating func dequeueProbe(at now: MonotonicTime, _ backoffs: [TaskID: TaskBackoff]) -> QueuedTask? {
        guard probe == nil else { return nil }
        if let index = bestCandidate(in: undetermined, .undetermined, at: now, backoffs) {
            let task = undetermined.remove(at: index)
            probe = Probe(id: task.id, match: .undetermined)
            return task
        }
        guard let index = bestCandidate(in: matching, .matching, at: now, backoffs) else { return nil }
        let task = matching.remove(at: index)
        probe = Probe(id: task.id, match: .matching)
        return task
    }

    /// Returns the index of the best candidate: it has the fewest shared traits and differs most from the
    /// rejected jobs; of equals the earliest. A task that was never rejected comes first, unless its job
    /// equals a rejected one.
    private func bestCandidate(
        in tasks: QueuedTaskList, _ match: Match, at now: MonotonicTime, _ backoffs: [TaskID: TaskBackoff]
    ) -> Int? {
        guard earliestProbe(match) <= now else { return nil }
        var best: (index: Int, score: (Int, Int, Int))?
        for index in 0..<min(tasks.count, Self.comparedMax) {
            let task = tasks[index]
            if nextProbe(of: task, match, backoffs[task.id]) > now { continue }
            let differences = task.traits.map(differences) ?? 0
            let shared = task.traits.map { sharedTraits.mask(of: $0).nonzeroBitCount }
            let lacking = sharedTraits.count - (shared ?? sharedTraits.count)
            let score = (backoffs[task.id] == nil && differences > 0 ? 1 : 0, lacking, differences)
            if let best, score <= best.score { continue }
            best = (index, score)
        }
        return best?.index
    }

    /// Returns in how many traits a job differs from the last rejected one, or from the most similar one
    /// while the pattern is account-wide.
    private func differences(of traits: JobTraits) -> Int {
        let compared = isAccountWide ? rejectedJobs[...] : rejectedJobs.suffix(1)
        return compared.map { traits.differences(from: $0.traits) }.min() ?? 0
    }

    /// Returns the earliest probe with any job.
    private func earliestProbe(_ match: Match) -> MonotonicTime {
        if match == .undetermined { return nextUndeterminedProbe }
        return isAccountWide ? min(nextDifferentProbe, nextMatchingProbe) : nextMatchingProbe
    }

    /// Returns the earliest probe with a waiting task.
    private func nextProbe(of task: QueuedTask, _ match: Match, _ backoff: TaskBackoff?) -> MonotonicTime {
        if match == .undetermined {
            return max(nextUndeterminedProbe, backoff?.until ?? nextUndeterminedProbe)
        }
        if let backoff { return max(nextMatchingProbe, backoff.until) }
        guard isAccountWide else { return nextMatchingProbe }
        let same = rejectedJobs.first { $0.traits == task.traits }
        return same.map { max(nextMatchingProbe, $0.until) } ?? nextDifferentProbe
    }

    /// Returns the earliest probe with the task of this number; `nil` if it does not wait here.
    func nextProbe(ofNumber number: UInt64, _ backoffs: [TaskID: TaskBackoff]) -> MonotonicTime? {
        for (tasks, match) in [(matching, Match.matching), (undetermined, .undetermined)] {
            guard let index = tasks.index(of: number) else { continue }
            return nextProbe(of: tasks[index], match, backoffs[tasks[index].id])
        }
        return nil
    }

    /// Returns the earliest next probe; `nil` while one is in flight or no job waits.
    func nextProbe(_ backoffs: [TaskID: TaskBackoff]) -> MonotonicTime? {
        guard probe == nil else { return nil }
        return [(undetermined, .undetermined), (matching, .matching)]
            .compactMap { earliest(in: $0, $1, backoffs) }.min()
    }

    /// Returns the earliest probe with one of the compared tasks.
    private func earliest(
        in tasks: QueuedTaskList, _ match: Match, _ backoffs: [TaskID: TaskBackoff]
    ) -> MonotonicTime? {
        var earliest: MonotonicTime?
        for index in 0..<min(tasks.count, Self.comparedMax) {
            let time = nextProbe(of: tasks[index], match, backoffs[tasks[index].id])
            if time <= earliestProbe(match) { return time }
            earliest = min(earliest ?? time, time)
        }
        return earliest
    }
}
