import Synchronization
import VideoJobs

// Questions about the queue.
extension SubmissionQueue {
    /// Returns 1 for the first in order of admission; `nil` if it does not wait.
    func position(of id: TaskID) -> Int? {
        numbers[id].map { number in
            let held = kinds.reduce(0) { $0 + $1.alike.rank(of: number) + $1.unproven.rank(of: number) }
            let others = ready.rank(of: number) + resting.rank(of: number) + begun.rank(of: number)
            return others + held + 1
        }
    }

    /// Returns why a waiting task is held, and until when at least; `nil` while it is not.
    func hold(on id: TaskID) -> (obstacle: BlockReason, until: MonotonicTime)? {
        guard let number = numbers[id] else { return nil }
        let own = refusedTasks[id]
        let outer = gate.closure.map { ($0.obstacle, $0.until) } ?? kindHold(on: number)
        guard let outer else { return own.map { ($0.obstacle, $0.until) } }
        return (own?.obstacle ?? outer.0, max(outer.1, own?.until ?? outer.1))
    }

    private func kindHold(on number: UInt64) -> (BlockReason, MonotonicTime)? {
        for kind in kinds {
            if let time = kind.nextTry(ofNumber: number, refusedTasks) { return (kind.obstacle, time) }
        }
        return nil
    }

    /// Returns why submissions are blocked; `nil` when they are not. Stays set while any task waits behind
    /// the block.
    func obstacle(at now: MonotonicTime) -> (BlockReason, until: MonotonicTime)? {
        if let closure = gate.closure {
            // Without a candidate for the probe it would never end otherwise.
            let lasts = now < closure.until || closure.probe != nil || count > 0
            return lasts ? (closure.obstacle, closure.until) : nil
        }
        let kind = kinds.first { isBlocking($0, at: now) }
        return kind.map { ($0.obstacle, $0.nextAlike) }
    }

    /// Returns whether two unlike jobs in a row were rejected, or no other job waits that could show that the
    /// account is not blocked.
    private func isBlocking(_ kind: RefusedKind, at now: MonotonicTime) -> Bool {
        let isRecent = now < kind.nextAlike || kind.probe != nil
        if kind.isAccountWide { return isRecent || count > 0 }
        // Tasks whose sending may be durable count as in flight.
        let isOtherTried = kinds.contains { $0.probe != nil && $0.probe != kind.probe }
        let isOnlyOne = count - begun.count == kind.alike.count && !isOtherTried
        let isAlone = !kind.hasCleared && isOnlyOne && kind.probe?.likeness != .unproven
        return isAlone && (isRecent || count > 0)
    }

    /// Returns when to dispatch again without an event; `nil` if nothing waits or an event comes first.
    func nextDispatch(after now: MonotonicTime) -> MonotonicTime? {
        guard count > 0, !gate.isProbing else { return nil }
        let base = max(now, gate.closure?.until ?? now, heldUntil ?? now)
        var times = kinds.compactMap { $0.nextTry(refusedTasks) }
        for index in 0..<resting.count { times.append(refusedTasks[resting[index].id]?.until ?? base) }
        if let resumption { times.append(resumption) }
        if !ready.isEmpty || !begun.isEmpty { times.append(base) }
        return times.map { max($0, base) }.filter { $0 > now }.min()
    }
}

extension SubmissionService {
    /// Whether nothing is sent until an operator resumes.
    var isPaused: Bool { queue.withLock { $0.isPaused } }

    /// Why the account counts as blocked, and until when at least; `nil` while it does not.
    var block: (reason: BlockReason, until: MonotonicTime)? {
        let now = ports.clock.monotonic()
        return queue.withLock { $0.obstacle(at: now) }.map { ($0.0, $0.until) }
    }

    /// Whether a task does not wait in the queue: its submission is in progress, or has ended.
    func hasLeftQueue(_ id: TaskID) -> Bool { queue.withLock { $0.position(of: id) == nil } }

    /// Returns a queued task's place and what it waits for beside its turn; `nil` for other tasks.
    func standing(of record: TaskRecord) -> QueueStanding? {
        guard record.state == .queued else { return nil }
        let (position, hold) = queue.withLock { ($0.position(of: record.id), $0.hold(on: record.id)) }
        var waiting: QueueStanding.Waiting?
        if let own = record.blockReason {
            waiting = QueueStanding.Waiting(
                obstacle: own, message: record.blockMessage ?? own.explanation)
        } else if let obstacle = hold?.obstacle {
            waiting = QueueStanding.Waiting(
                obstacle: obstacle, message: "held behind another job: \(obstacle.explanation)")
        }
        let now = ports.clock.monotonic()
        if let until = hold?.until, until > now {
            waiting?.next = ports.clock.now() + (until - now)
            waiting?.secondsLeft = Int((until - now).components.seconds + 1)
        }
        guard position != nil || waiting != nil else { return nil }
        return QueueStanding(position: position, waiting: waiting)
    }
}
