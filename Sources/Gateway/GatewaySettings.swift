package import VideoJobs

/// The limits, intervals and retention times of the gateway.
package struct GatewaySettings: Sendable {
    /// Tasks that the account may run at once; further ones wait in the queue.
    package var maxInFlight = 8
    /// The catalog at the start; `VideoGateway.replaceCatalog` changes it.
    package var catalog = ModelCatalog.empty
    /// From the start to the first request for the provider's list of models, and how long it is put off
    /// while jobs are sent.
    package var listingDelay: Duration = .seconds(2)
    package var listingPostponementMax: Duration = .seconds(60)
    /// Between requests for the provider's list of models, and after one that failed.
    package var listingInterval: Duration = .seconds(24 * 3600)
    package var listingRetryInterval: Duration = .seconds(600)
    /// Queued tasks at most; one more is rejected.
    package var queueMax = 100_000
    /// Event streams and waiting requests at once.
    package var streamsMax = 10_000
    /// At the start; `VideoGateway.replaceCeilings` changes them.
    package var ceilings = SpendCeilings()
    package var poll = PollSchedule()
    /// How long, from its start, a timed-out task is still polled for a late result.
    package var gracePeriod: Duration = .seconds(48 * 3600)
    /// Between polls of such a task, and how much of it is random.
    var graceInterval: Duration { poll.slowest * Self.graceSlowdown }
    private static let graceSlowdown = 5
    static let graceSpread = 0.25
    /// Concurrent polls.
    package var pollsInFlight = 32
    /// Between attempts of a job that was surely not sent.
    package var submitBackoff = Backoff(base: .seconds(1), cap: .seconds(60))
    /// Between jobs while replies are lost: slow enough that a provider which loses jobs does not get the
    /// whole queue, fast enough that a client that waits for a verdict gets one.
    package var lostReplyBackoff = Backoff(base: .milliseconds(250), cap: .seconds(5))
    /// Between probes while credentials or quota are rejected.
    package var pauseBackoff = Backoff(base: .seconds(10), cap: .seconds(300))
    /// Concurrent copies, in total and from one host.
    package var copiesInFlight = 16
    package var copiesPerHost = 4
    /// Tasks whose results are copied or wait for their turn; those of further ones are due later.
    package var tasksCopied = 1_000
    /// How long a result link lives that does not state it (the provider's documentation).
    package var linkLifetime: Duration = .seconds(24 * 3600)
    package var archiveBackoff = Backoff(base: .seconds(2), cap: .seconds(300))
    /// How long copying a result is retried.
    package var archiveTimeout: Duration = .seconds(48 * 3600)
    /// How long a video is kept; `nil` for no limit.
    package var keep: Duration? = .seconds(30 * 86_400)
    /// Bytes of all videos together; the oldest are removed first. `nil` for no limit.
    package var archiveBytesMax: Int64?
    /// Bytes that are reserved at least for each result before its job is sent; 0 reserves nothing.
    package var reserveMin: Int64 = 64 << 20
    /// Between attempts to reserve space.
    package var spaceBackoff = Backoff(base: .seconds(1), cap: .seconds(5))
    /// Who holds this gateway's unfinished tasks in the store: the same after a restart, and another for each
    /// gateway on one store.
    package var claimOwner = "gateway"
    /// How long other gateways on the store leave them alone.
    package var claimLease: Duration = .seconds(30)
    /// Between probes of a store that does not work.
    package var storeBackoff = Backoff(base: .seconds(1), cap: .seconds(30))
    /// Between probes of a working store or archive.
    package var storeCheckInterval: Duration = .seconds(60)
    /// Between probes of an archive that is not available, and attempts to copy into it.
    package var archiveRetryInterval: Duration = .seconds(2)
    /// How long a high-water mark may lag behind the first commit that it does not know, and the least
    /// interval between its writes.
    package var markDelay: Duration = .milliseconds(200)
    package var markInterval: Duration = .milliseconds(800)
    /// Between retention passes.
    package var retentionInterval: Duration = .seconds(600)
    /// Whether the audit contains the prompts of admitted jobs.
    package var auditsPrompts = false
    /// Ended tasks that stay in memory. Tasks with work left always do.
    package var endedCacheMax = 10_000

    package init() {}
}
