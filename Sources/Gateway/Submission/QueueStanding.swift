package import VideoJobs

/// Where a task stands in the queue, and why it is not sent.
package struct QueueStanding: Equatable, Sendable {
    /// 1 for the first in order of admission; `nil` while its next try begins or ends. Those behind it may be
    /// sent before it while it is held.
    package var position: Int?
    /// `nil` while it waits for nothing but its turn.
    package var waiting: Waiting?

    /// What keeps a task from being sent.
    package struct Waiting: Equatable, Sendable {
        package var obstacle: BlockReason
        package var message: String
        /// When it may be tried at the earliest; `nil` if that is as soon as there is a free place.
        package var next: Timestamp?
        /// The same as an interval.
        package var secondsLeft: Int?

        package init(
            obstacle: BlockReason, message: String, next: Timestamp? = nil, secondsLeft: Int? = nil
        ) {
            self.obstacle = obstacle
            self.message = message
            self.next = next
            self.secondsLeft = secondsLeft
        }
    }

    package init(position: Int?, waiting: Waiting? = nil) {
        self.position = position
        self.waiting = waiting
    }
}

// What is said of the queue.
extension SubmissionQueue {
    /// 1 for the first in order of admission; `nil` if it does not wait.
    func position(of id: TaskID) -> Int? {
        numbers[id].map { number in
            let held = kinds.reduce(0) { $0 + $1.alike.rank(of: number) + $1.unproven.rank(of: number) }
            let others = ready.rank(of: number) + resting.rank(of: number) + begun.rank(of: number)
            return others + held + 1
        }
    }

    /// What holds a waiting task, and until when at least; `nil` while nothing does.
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

    /// Why the account counts as blocked; `nil` while it does not. Lasts while somebody waits who does not
    /// get through.
    func obstacle(at now: MonotonicTime) -> (BlockReason, until: MonotonicTime)? {
        if let closure = gate.closure {
            // With nobody left to be the probe, it would never be over otherwise.
            let lasts = now < closure.until || closure.probe != nil || count > 0
            return lasts ? (closure.obstacle, closure.until) : nil
        }
        let kind = kinds.first { isBlocking($0, at: now) }
        return kind.map { ($0.obstacle, $0.nextAlike) }
    }

    /// Whether two unlike jobs in a row were refused, or there is no other job to show that it is not the
    /// account.
    private func isBlocking(_ kind: RefusedKind, at now: MonotonicTime) -> Bool {
        let isRecent = now < kind.nextAlike || kind.probe != nil
        if kind.isAccountWide { return isRecent || count > 0 }
        // Those that have begun count as on their way.
        let isOtherTried = kinds.contains { $0.probe != nil && $0.probe != kind.probe }
        let isOnlyOne = count - begun.count == kind.alike.count && !isOtherTried
        let isAlone = !kind.hasCleared && isOnlyOne && kind.probe?.likeness != .unproven
        return isAlone && (isRecent || count > 0)
    }

    /// When to look again although nothing happened; `nil` if there is nobody to send or something will
    /// happen first.
    func nextLook(after now: MonotonicTime) -> MonotonicTime? {
        guard count > 0, !gate.isProbing else { return nil }
        let base = max(now, gate.closure?.until ?? now, heldUntil ?? now)
        var times = kinds.compactMap { $0.nextTry(refusedTasks) }
        for index in 0..<resting.count { times.append(refusedTasks[resting[index].id]?.until ?? base) }
        if let resumption { times.append(resumption) }
        if !ready.isEmpty || !begun.isEmpty { times.append(base) }
        return times.map { max($0, base) }.filter { $0 > now }.min()
    }
}
