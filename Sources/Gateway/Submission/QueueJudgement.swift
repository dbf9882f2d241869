import VideoJobs

// The choice of the next task while some kind of job is rejected.
extension SubmissionQueue {
    /// Rejected kinds that are kept apart. One more replaces the one with the oldest last rejection.
    static let kindsMax = 16
    /// Waiting tasks that one search examines; it continues after `searchPause`.
    static let searchedMax = 1000
    private static let searchPause: Duration = .milliseconds(1)
    /// Concurrent reads of traits from the store.
    static let examinedMax = 32

    /// Whether some kind of job is rejected, so that waiting jobs are compared.
    var isJudging: Bool { !kinds.isEmpty }

    /// Inserts a waiting task into the line that holds it.
    mutating func place(_ task: QueuedTask) {
        if let traits = task.traits, let (kind, likeness) = holder(of: traits) {
            kinds[kind].add(task, likeness)
        } else {
            ready.insert(task)
        }
    }

    /// Returns the rejected kind that holds a job: one that it is alike, if there is any.
    private func holder(of traits: JobTraits) -> (kind: Int, RefusedKind.Likeness)? {
        var unproven: Int?
        for (index, kind) in kinds.enumerated() {
            switch kind.likeness(of: traits) {
            case .alike: return (index, .alike)
            case .unproven: unproven = unproven ?? index
            case .cleared: break
            }
        }
        return unproven.map { ($0, .unproven) }
    }

    /// Removes the next task to send from its line: a probe that is due, else the first that is not held.
    mutating func chooseNext(at now: MonotonicTime) -> QueuedTask? {
        guard isJudging || !refusedTasks.isEmpty else {
            return ready.isEmpty ? nil : ready.remove(at: 0)
        }
        wakeRested(at: now)
        dropKindsThatEnded(at: now)
        let (passable, isComplete) = search(at: now)
        if isComplete {
            for index in kinds.indices {
                if let task = kinds[index].takeProbe(at: now, refusedTasks) { return task }
            }
        }
        return passable.map { ready.remove(at: $0) }
    }

    /// Moves held tasks to the line of their rejected kind until one is found that is not held. `isComplete`
    /// is false if a task's traits are not known yet: then the best candidate cannot be chosen.
    mutating func search(at now: MonotonicTime) -> (passable: Int?, isComplete: Bool) {
        resumption = nil
        var index = 0
        for _ in 0..<Self.searchedMax {
            guard index < ready.count else { return (nil, index == 0) }
            let task = ready[index]
            if isJudging, task.traits == nil {
                index += 1
            } else if let traits = task.traits, let (kind, likeness) = holder(of: traits) {
                kinds[kind].add(ready.remove(at: index), likeness)
            } else if let refused = refusedTasks[task.id], refused.until > now {
                resting.insert(ready.remove(at: index))
            } else {
                return (index, index == 0)
            }
        }
        resumption = now + Self.searchPause
        return (nil, index == 0)
    }

    private mutating func wakeRested(at now: MonotonicTime) {
        for index in (0..<resting.count).reversed() {
            let until = refusedTasks[resting[index].id]?.until ?? now
            if until <= now { ready.insert(resting.remove(at: index)) }
        }
    }

    private mutating func dropKindsThatEnded(at now: MonotonicTime) {
        kinds.removeAll { kind in
            kind.alike.isEmpty && kind.unproven.isEmpty && kind.probe == nil && now >= kind.nextAlike
        }
    }
}

// Effects of verdicts.
extension SubmissionQueue {
    mutating func noteRefusal(_ refusal: Refusal, of traits: JobTraits) {
        let likenesses = kinds.map { $0.likeness(of: traits) }
        guard let index = likenesses.firstIndex(of: .alike) ?? likenesses.firstIndex(of: .unproven) else {
            return add(RefusedKind(traits, refusal))
        }
        kinds[index].note(refusal, of: traits)
        if likenesses[index] == .unproven { kinds[index].release(.moreCleared, to: &ready) }
    }

    private mutating func add(_ kind: RefusedKind) {
        if kinds.count == Self.kindsMax,
            let oldest = kinds.indices.min(by: { kinds[$0].lastRefusal < kinds[$1].lastRefusal })
        {
            kinds[oldest].release(.over, to: &ready)
            kinds.remove(at: oldest)
        }
        kinds.append(kind)
    }

    mutating func noteAcceptance(of traits: JobTraits, at now: MonotonicTime) {
        for index in kinds.indices.reversed() {
            let lesson = kinds[index].noteAcceptance(of: traits, at: now)
            if lesson == .over {
                breakUp(kindAt: index, accepted: traits, at: now)
            } else {
                kinds[index].release(lesson, to: &ready)
            }
        }
    }

    /// Replaces a kind by its parts, as many as `kindsMax` allows.
    private mutating func breakUp(kindAt index: Int, accepted: JobTraits, at now: MonotonicTime) {
        var kind = kinds.remove(at: index)
        for var part in kind.parts(accepted: accepted, at: now, refusedTasks) {
            if kinds.count < Self.kindsMax {
                kinds.append(part)
            } else {
                part.release(.over, to: &ready)
            }
        }
        kind.release(.over, to: &ready)
    }
}

// Reading traits for comparison.
extension SubmissionQueue {
    /// Returns the tasks whose traits must be read to decide whether they are held.
    mutating func tasksToExamine(at now: MonotonicTime) -> [QueuedTask] {
        guard isJudging, maySend(at: now) else { return [] }
        var tasks: [QueuedTask] = []
        for index in 0..<min(ready.count, Self.searchedMax) where examining.count < Self.examinedMax {
            let task = ready[index]
            if task.traits == nil, examining.insert(task.id).inserted { tasks.append(task) }
        }
        return tasks
    }

    /// Records the traits of a task; `nil` if they could not be read.
    mutating func examined(_ task: QueuedTask, _ traits: JobTraits?) {
        examining.remove(task.id)
        guard let index = ready.index(of: task.number) else { return }
        ready[index].traits = traits
    }
}
