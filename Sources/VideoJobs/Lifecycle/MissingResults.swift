// Results that were missing when the task was completed.
extension TaskLifecycle {
    /// Decides the events of a completed task that misses results.
    mutating func decideWhileIncomplete(_ event: Event) -> Step? {
        switch event {
        case .resultsArrived(let results, let time):
            return add(results, at: time)

        case .reported(let report, let time):
            // A place among the links names a file, so another number of links names other files.
            guard report.links.count == record.links.count else { return nil }
            return renewLinks(report.links, at: time)

        case .gracePeriodEnded(let time):
            endGracePeriod()
            return move(to: .completed, at: time, "late_watch_ended", nil)

        case .sendingStarted, .verdict, .interrupted, .gaveUp, .archived, .archiveFailed, .foundSlow,
            .spaceMissing, .withdrawn, .outdated, .jobLost, .settled, .heldPriceFreed, .contentRemoved,
            .contentFetched,
            .removalWarned, .reviewed:
            return nil
        }
    }

    /// Appends results: published ones keep their index.
    private mutating func add(_ results: [ArchivedResult], at time: Timestamp) -> Step? {
        let new = results.filter { result in
            !record.results.contains { $0.fileIndex == result.fileIndex }
        }
        guard !new.isEmpty else { return nil }
        record.results += new
        if record.results.count >= record.links.count { endGracePeriod() }
        return move(to: .completed, at: time, "results_added", nil)
    }

    mutating func endGracePeriod() {
        record.graceDeadline = nil
        record.links = []
    }

    mutating func renewLinks(_ links: [String], at time: Timestamp) -> Step? {
        guard !links.isEmpty, links != record.links else { return nil }
        record.links = links
        return move(to: record.state, at: time, "links_renewed", nil)
    }
}
