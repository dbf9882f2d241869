// Results that were missing when their task was completed.
extension TaskLifecycle {
    /// What still happens to a completed task until all of its results are here.
    mutating func applyWhileIncomplete(_ event: Event) -> [Effect] {
        switch event {
        case .resultsArrived(let results, let time):
            return add(results, at: time)

        case .reported(let report, let time):
            // A place among the links names a file, so another number of links names other files.
            guard report.links.count == record.links.count else { return [] }
            return renewLinks(report.links, at: time)

        case .lateWatchEnded(let time):
            endLateWatch()
            return move(to: .completed, at: time, "late_watch_ended", nil)

        case .sendingStarted, .verdict, .interrupted, .gaveUp, .archived, .archiveFailed, .withdrawn,
            .outdated, .jobLost, .settled, .contentRemoved:
            return []
        }
    }

    /// At the end of the list: what was published keeps its index.
    private mutating func add(_ results: [ArchivedResult], at time: Timestamp) -> [Effect] {
        let new = results.filter { result in
            !record.results.contains { $0.fileIndex == result.fileIndex }
        }
        guard !new.isEmpty else { return [] }
        record.results += new
        if record.results.count >= record.links.count { endLateWatch() }
        return move(to: .completed, at: time, "results_added", nil)
    }

    mutating func endLateWatch() {
        record.graceDeadline = nil
        record.links = []
    }

    mutating func renewLinks(_ links: [String], at time: Timestamp) -> [Effect] {
        guard !links.isEmpty, links != record.links else { return [] }
        record.links = links
        return move(to: record.state, at: time, "links_renewed", nil) + [.archive]
    }
}
