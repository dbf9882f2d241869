/// The stable names of the events in the log. Documented in Logs.md; a test compares.
///
/// A name is never reused for another meaning. The message beside it is for people and may change.
package enum LogEventName: String, CaseIterable, Sendable {
    // The process.
    case serviceStopping = "service.stopping"
    case serviceStopped = "service.stopped"
    case serviceExiting = "service.exiting"
    case serviceNotificationFailed = "service.notification_failed"
    case configurationWarning = "configuration.warning"
    case connectionsReduced = "limits.connections_reduced"
    case linesDropped = "log.lines_dropped"

    // Requests and connections.
    case httpRequest = "http.request"
    case httpRequestsUnlogged = "http.requests_unlogged"
    case authenticationFailed = "access.authentication_failed"
    case operatorRejected = "access.operator_rejected"
    case certificateWarning = "tls.certificate_warning"
    case handshakeFailed = "tls.handshake_failed"

    // Reloads (SIGHUP).
    case reloadFailed = "reload.failed"
    case reloadNeedsRestart = "reload.needs_restart"
    case reloadCertificates = "reload.certificates"
    case reloadKey = "reload.key"
    case reloadWebhooks = "reload.webhooks"
    case reloadNotices = "reload.notices"
    case reloadCeilings = "reload.spend_ceilings"
    case reloadLevel = "reload.log_level"
    case reloadCatalog = "reload.catalog"
    case reloadSettings = "reload.settings"

    // Tasks.
    case taskAdmitted = "task.admitted"
    case taskTransition = "task.transition"
    case taskSettled = "task.settled"
    case taskSlowUnmarked = "task.slow_unmarked"

    // The provider.
    case submissionAccepted = "submission.accepted"
    case submissionDeferred = "submission.deferred"
    case submissionNotDurable = "submission.not_durable"
    case submissionUnsent = "submission.unsent"
    case submissionLost = "submission.payload_missing"
    case submissionSpaceMissing = "submission.space_missing"
    case providerPaused = "provider.paused"
    case providerResumed = "provider.resumed"
    case pollFailed = "poll.failed"
    case pollRefused = "poll.refused"
    case pollTaskUnknown = "poll.task_unknown"
    case pollStatusUnknown = "poll.status_unknown"
    case pollResultUnusable = "poll.result_unusable"
    case pollNotDurable = "poll.not_durable"
    case modelMissing = "model.missing"
    case modelListed = "model.listed"
    case modelsUnknown = "model.list_unknown"

    // Results.
    case archiveUnavailable = "archive.unavailable"
    case archiveAvailable = "archive.available"
    case archiveWaiting = "archive.waiting"
    case archiveCopyFailed = "archive.copy_failed"
    case archiveNotDurable = "archive.not_durable"
    case archiveUnverified = "archive.unverified"
    case archiveIncomplete = "archive.incomplete"
    case archiveResultLost = "archive.result_lost"
    case archiveCopyMissing = "archive.copy_missing"
    case retentionRemoved = "retention.removed"
    case retentionAnnounced = "retention.announced"
    case retentionRemovalFailed = "retention.removal_failed"
    case retentionFailed = "retention.failed"
    case retentionWaiting = "retention.waiting"
    case retentionFetchUnrecorded = "retention.fetch_unrecorded"

    // The store.
    case storeUnavailable = "store.unavailable"
    case storeAvailable = "store.available"
    case storeFailure = "store.failure"
    case storeDurationsUnreadable = "store.durations_unreadable"
    case markUnwritten = "mark.unwritten"
    case markWritten = "mark.written"
    case restorationDetected = "restoration.detected"
    case restorationPaused = "restoration.paused"
    case restorationUnrecorded = "restoration.unrecorded"
    case restorationResumed = "restoration.resumed"
    case auditMissing = "audit.missing"

    // Money.
    case spendCeilingReached = "spend.ceiling_reached"
    case spendCeilingReset = "spend.ceiling_reset"

    // Webhooks and notices.
    case deliveryDelivered = "delivery.delivered"
    case deliveryRetried = "delivery.retried"
    case deliveryStopped = "delivery.stopped"
    case deliveryFailed = "delivery.failed"

    // Traces.
    case tracingUnavailable = "tracing.unavailable"
    case tracingAvailable = "tracing.available"
    case tracingPartial = "tracing.partial"
}
