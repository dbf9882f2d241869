extension ProviderVocabulary {
    /// The built-in synonyms of each status; `Config/models.yaml` lists the same.
    static let standardStatuses: [(ProviderReport.Status, [String])] = [
        (
            .pending,
            [
                "queued", "queueing", "queuing", "in_queue", "enqueued", "submitted", "submitting",
                "waiting", "created", "accepted", "scheduled", "received", "new", "initialized",
                "initializing", "preparing", "not_started", "not_start",
            ]
        ),
        (
            .processing,
            [
                "running", "in_progress", "generating", "rendering", "executing", "working", "active",
                "started", "starting", "ongoing", "doing",
            ]
        ),
        (
            .completed,
            [
                "complete", "succeeded", "succeed", "success", "successful", "done", "finished", "finish",
                "ready",
            ]
        ),
        (
            .failed,
            [
                "fail", "failure", "error", "errored", "rejected", "expired", "timeout", "timed_out",
                "blocked", "moderated", "content_moderated", "request_moderated",
            ]
        ),
        (
            .cancelled,
            ["canceled", "cancel", "cancelling", "canceling", "aborted", "stopped", "terminated", "revoked"]
        ),
    ]

    /// The built-in error codes for an exhausted quota, credit or balance.
    static let standardQuotaCodes = [
        "insufficient_quota", "insufficient_user_quota", "quota_exceeded", "quota_exhausted",
        "exceeded_current_quota", "exceeded_current_quota_error", "pre_consume_token_quota_failed",
        "insufficient_balance", "balance_not_enough", "not_enough_balance", "account_overdue",
        "account_overdue_error", "arrearage", "insufficient_credits", "insufficient_credit",
        "not_enough_credits", "out_of_credits", "no_credits", "credits_exhausted", "insufficient_funds",
        "payment_required", "billing_hard_limit_reached", "billing_not_active",
    ]
}
