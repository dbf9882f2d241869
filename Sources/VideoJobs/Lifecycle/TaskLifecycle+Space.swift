// Jobs that wait for space in the archive.
extension TaskLifecycle {
    mutating func wait(forSpace message: String, at time: Timestamp) -> Step? {
        record.blockReason = .archiveUnavailable
        record.blockMessage = message
        return move(to: .queued, at: time, "space_missing", message)
    }
}

extension TaskRecord {
    mutating func clearBlock() {
        blockReason = nil
        blockMessage = nil
    }
}
