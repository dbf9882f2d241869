import VideoJobs

// The state of the queue for readers.
extension SubmissionQueue {
    /// Returns the position of a task in the order of turns, from 1, as if no task were held; `nil` if it
    /// does not wait.
    func position(of id: TaskID) -> Int? {
        guard let key = keys[id] else { return nil }
        if let index = unconfirmedSends.index(of: key.number) { return index + 1 }
        return unconfirmedSends.count + ready.position(of: key)
    }

    /// Whether a new job may be sent at once.
    func sendsNextAtOnce(at now: MonotonicTime) -> Bool {
        count == 0 && !hasRejectionPatterns && backoffs.isEmpty && gate.closure == nil && maySend(at: now)
    }

    /// Returns the position that a new task of a client would have; `nil` if it would be sent now.
    ///
    /// - Parameter traits: As for `enqueue`.
    func nextPosition(of client: String, traits: JobTraits?, at now: MonotonicTime) -> Int? {
        if sendsNextAtOnce(at: now) { return nil }
        let position = unconfirmedSends.count + ready.positionOfNext(of: client)
        guard maySend(at: now) else { return position }
        // Others may wait for something that does not concern this job, so it is tried in a copy.
        var queue = self
        let id = TaskID("")
        queue.enqueue(id, of: client, payload: nil, traits: traits)
        while let task = queue.dequeueNext(at: now), task.id != id {}
        return queue.isWaiting(id) ? position : nil
    }

    /// Returns why a waiting task is held, and until when at least; `nil` while it is not.
    func hold(on id: TaskID) -> (reason: BlockReason, until: MonotonicTime)? {
        guard let number = keys[id]?.number else { return nil }
        let own = backoffs[id]
        let outer = gate.closure.map { ($0.reason, $0.until) } ?? patternHold(on: number)
        guard let outer else { return own.map { ($0.reason, $0.until) } }
        return (own?.reason ?? outer.0, max(outer.1, own?.until ?? outer.1))
    }

    /// Returns the hold of a pattern on the task with this number.
    private func patternHold(on number: UInt64) -> (BlockReason, MonotonicTime)? {
        for pattern in patterns {
            if let time = pattern.nextProbe(ofNumber: number, backoffs) { return (pattern.reason, time) }
        }
        return nil
    }

    /// Returns why submissions are blocked; `nil` when they are not. Stays set while any task waits behind
    /// the block.
    func blockReason(at now: MonotonicTime) -> (reason: BlockReason, until: MonotonicTime)? {
        if let closure = gate.closure {
            // Without a waiting task there is no probe, so the block ends with its backoff.
            let lasts = now < closure.until || closure.probe != nil || count > 0
            return lasts ? (closure.reason, closure.until) : nil
        }
        let pattern = patterns.first { isBlocking($0, at: now) }
        return pattern.map { ($0.reason, $0.nextMatchingProbe) }
    }

    /// Returns whether a pattern blocks the account: two different jobs in a row were rejected, or no other
    /// job waits whose acceptance could show that the account is not blocked.
    private func isBlocking(_ pattern: RejectionPattern, at now: MonotonicTime) -> Bool {
        let isRecent = now < pattern.nextMatchingProbe || pattern.probe != nil
        if pattern.isAccountWide { return isRecent || count > 0 }
        // Unconfirmed sends count as in flight.
        let isOtherProbed = patterns.contains { $0.probe != nil && $0.probe != pattern.probe }
        let isOnlyOne = count - unconfirmedSends.count == pattern.matching.count && !isOtherProbed
        let isAlone = !pattern.hasAcceptedTraits && isOnlyOne && pattern.probe?.match != .undetermined
        return isAlone && (isRecent || count > 0)
    }

    /// Returns when to dispatch again without an event; `nil` if nothing waits or an event comes first.
    func nextDispatch(after now: MonotonicTime) -> MonotonicTime? {
        guard count > 0, !gate.isProbing else { return nil }
        let base = max(now, gate.closure?.until ?? now, heldUntil ?? now)
        var times = patterns.compactMap { $0.nextProbe(backoffs) }
        for index in 0..<backingOff.count { times.append(backoffs[backingOff[index].id]?.until ?? base) }
        if let searchResumption { times.append(searchResumption) }
        if !ready.isEmpty || !unconfirmedSends.isEmpty { times.append(base) }
        return times.map { max($0, base) }.filter { $0 > now }.min()
    }
}
