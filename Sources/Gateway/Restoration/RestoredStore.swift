/// The code and messages about a store that was restored from a backup.
package enum RestoredStore {
    package static let code = "store_restored"
    package static let message = "this store is older than what was sent"

    static let issue = ReadinessIssue(
        code: code,
        message: """
            \(message): it was restored from a backup, and submission is paused; settle the uncertain tasks \
            (reelgate tasks list --state uncertain), then run reelgate resume --older-store
            """,
        retryAfterSeconds: retryAfterSeconds)
    private static let retryAfterSeconds = 60
}
