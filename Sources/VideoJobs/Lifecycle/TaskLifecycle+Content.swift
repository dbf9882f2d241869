// The content of a completed task.
extension TaskLifecycle {
    /// Decides the events of archived content; `nil` for one that changes nothing, and for all others.
    mutating func decideContent(_ event: Event) -> Step? {
        switch event {
        case .contentRemoved(let time) where !record.contentRemoved:
            record.contentRemoved = true
            endGracePeriod()
            return move(to: .completed, at: time, "content_removed", nil)

        case .contentFetched(let time) where record.fetched == nil:
            record.fetched = time
            return move(to: .completed, at: time, "content_fetched", nil)

        case .removalWarned(let time) where record.isRemovalUnnoticed:
            record.removalWarned = time
            return move(to: .completed, at: time, "removal_warned", nil)

        case .reviewed(let review, let time) where record.review != review:
            record.review = review
            return move(to: .completed, at: time, "reviewed", review.verdict.rawValue)

        case .sendingStarted, .verdict, .interrupted, .reported, .gaveUp, .gracePeriodEnded, .archived,
            .resultsArrived, .archiveFailed, .foundSlow, .spaceMissing, .withdrawn, .outdated, .jobLost,
            .settled, .heldPriceFreed, .contentRemoved, .contentFetched,
            .removalWarned, .reviewed:
            return nil
        }
    }
}
