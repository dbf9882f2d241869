// Tasks that wait for space in the archive: jobs before they are sent, and videos that do not fit.
extension TaskLifecycle {
    mutating func wait(forSpace message: String, at time: Timestamp) -> Step? {
        record.setSpaceBlock(message)
        return move(to: .queued, at: time, "space_missing", message)
    }
}

extension TaskRecord {
    /// Sets why the task waits for the archive; `nil` if it does not.
    mutating func setSpaceBlock(_ message: String?) {
        if let message {
            blockReason = .archiveUnavailable
            blockMessage = message
        } else if blockReason == .archiveUnavailable {
            blockReason = nil
            blockMessage = nil
        }
    }
}
