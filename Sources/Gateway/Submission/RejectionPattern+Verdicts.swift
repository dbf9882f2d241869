import VideoJobs

// Effects of verdicts on a pattern.
extension RejectionPattern {
    /// Records the rejection of a job that is not excluded.
    mutating func record(_ attempt: RejectedAttempt, of traits: JobTraits) {
        // Submissions that were in flight at the last rejection do not count again.
        if attempt.countAtStart >= lastRejection { rejections += 1 }
        if match(of: traits) == .undetermined { narrow(attempt, traits) }
        let accountBackoff = attempt.time + attempt.accountBackoff(after: rejections)
        let jobBackoff = attempt.time + attempt.retry.delay(after: rejections)
        nextMatchingProbe = max(nextMatchingProbe, isAccountWide ? accountBackoff : jobBackoff)
        if isAccountWide, !attempt.isRepeated {
            nextDifferentProbe = max(nextDifferentProbe, accountBackoff)
        }
        rejectedJobs.removeAll { $0.traits == traits }
        if rejectedJobs.count == Self.rejectedJobsMax { rejectedJobs.removeFirst() }
        rejectedJobs.append(RejectedJob(traits: traits, until: jobBackoff))
        reason = attempt.reason
        lastRejection = attempt.number
    }

    /// Removes the traits that a rejected, undetermined job does not have.
    private mutating func narrow(_ attempt: RejectedAttempt, _ traits: JobTraits) {
        sharedTraits = sharedTraits.shared(with: traits)
        updateMasks()
        nextUndeterminedProbe = max(
            nextUndeterminedProbe, attempt.time + attempt.probingBackoff(after: rejections))
        // A repeated rejection of one job is no evidence about the account.
        if attempt.isRepeated { return }
        if !hasAcceptedSince, !isAccountWide {
            isAccountWide = true
            // The `Retry-After` of a job concerns that job alone.
            if attempt.reason != .rateLimited { nextMatchingProbe = attempt.time }
        }
        hasAcceptedSince = false
    }

    /// The effect of an accepted job on a pattern.
    enum AcceptanceEffect {
        case none
        /// More waiting jobs may be excluded.
        case excludedMore
        /// The shared traits are not the reason: see `split(accepted:at:_:)`.
        case refuted
    }

    /// Records that a job was accepted.
    mutating func recordAcceptance(of traits: JobTraits, at now: MonotonicTime) -> AcceptanceEffect {
        hasAcceptedSince = true
        if match(of: traits) == .matching { return .refuted }
        let isNew = exclude(traits)
        if isNew || isAccountWide { nextUndeterminedProbe = min(nextUndeterminedProbe, now) }
        if isAccountWide { nextMatchingProbe = rejectedJobs.reduce(nextMatchingProbe) { max($0, $1.until) } }
        isAccountWide = false
        return isNew ? .excludedMore : .none
    }

    /// Keeps the shared traits that an accepted job has. Returns whether that excludes more jobs.
    private mutating func exclude(_ traits: JobTraits) -> Bool {
        guard match(of: traits) == .undetermined || acceptedTraits.isEmpty else { return false }
        if acceptedTraits.count == Self.acceptedMax { acceptedTraits.removeFirst() }
        acceptedTraits.append(sharedTraits.shared(with: traits))
        updateMasks()
        return true
    }

    /// Updates the masks, and drops combinations that another one contains.
    private mutating func updateMasks() {
        let masks = acceptedTraits.map { sharedTraits.mask(of: $0) }
        let kept = masks.indices.filter { index in
            !masks.indices.contains { other in
                masks[index] & ~masks[other] == 0
                    && (masks[index] != masks[other] || other < index)
            }
        }
        acceptedTraits = kept.map { acceptedTraits[$0] }
        acceptedMasks = kept.map { masks[$0] }
    }

    /// Moves the tasks that may no longer match to the ready tasks.
    mutating func release(_ effect: AcceptanceEffect, to ready: inout FairTaskQueue) {
        switch effect {
        case .none: break
        case .excludedMore: ready.merge(&undetermined)
        case .refuted:
            ready.merge(&undetermined)
            ready.merge(&matching)
        }
    }

    /// Splits the pattern after a job with all shared traits was accepted: the reason has ended, or there
    /// were several. Each waiting rejected job becomes a pattern with its own backoff and is removed from
    /// this one.
    mutating func split(
        accepted: JobTraits, at now: MonotonicTime, _ backoffs: [TaskID: TaskBackoff]
    ) -> [RejectionPattern] {
        var parts: [RejectionPattern] = []
        for index in (0..<min(matching.count, Self.comparedMax)).reversed() {
            guard let backoff = backoffs[matching[index].id], let traits = matching[index].traits,
                traits.mask(of: accepted) != traits.fullMask
            else { continue }
            if let same = parts.firstIndex(where: { $0.sharedTraits == traits }) {
                parts[same].matching.insert(matching.remove(at: index))
            } else if parts.count < Self.rejectedJobsMax {
                var part = part(traits, backoff, at: now)
                _ = part.exclude(accepted)
                part.matching.insert(matching.remove(at: index))
                parts.append(part)
            }
        }
        return parts
    }

    /// Returns the pattern of one rejected job of this pattern.
    private func part(_ traits: JobTraits, _ backoff: TaskBackoff, at now: MonotonicTime) -> RejectionPattern
    {
        var part = self
        (part.sharedTraits, part.acceptedTraits, part.probe, part.isAccountWide) = (traits, [], nil, false)
        (part.matching, part.undetermined) = (QueuedTaskList(), QueuedTaskList())
        (part.reason, part.rejections) = (backoff.reason, backoff.rejections)
        part.nextMatchingProbe = max(nextMatchingProbe, backoff.until)
        part.nextUndeterminedProbe = now
        part.rejectedJobs = [RejectedJob(traits: traits, until: part.nextMatchingProbe)]
        return part
    }
}
