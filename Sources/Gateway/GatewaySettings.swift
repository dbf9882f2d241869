package import VideoJobs

/// How much the gateway does at once, how patiently, and for how long it keeps things.
package struct GatewaySettings: Sendable {
    /// Tasks that the account may run at once; the rest wait here.
    package var maxInFlight = 8
    /// Queued tasks at most; one more is refused.
    package var queueMax = 100_000
    package var poll = PollSchedule()
    /// How long after it began a task is still asked about that was given up on: its result may come late,
    /// and its links live for a day.
    package var gracePeriod: Duration = .seconds(48 * 3600)
    /// Between polls of such a task.
    var lateInterval: Duration { poll.slowest * 5 }
    /// Polls on their way at once.
    package var pollsInFlight = 32
    /// Between tries of what was surely not sent.
    package var submitBackoff = Backoff(base: .seconds(1), cap: .seconds(60))
    /// Between jobs while replies are lost: slow enough that a provider which swallows jobs does not get the
    /// whole queue, fast enough that a client who waits for a verdict gets one.
    package var lostReplyBackoff = Backoff(base: .milliseconds(250), cap: .seconds(5))
    /// Between probes while credentials or quota are refused.
    package var pauseBackoff = Backoff(base: .seconds(10), cap: .seconds(300))
    /// Videos copied at once.
    package var copiesInFlight = 4
    package var archiveBackoff = Backoff(base: .seconds(2), cap: .seconds(300))
    /// How long a result that cannot be copied is tried for.
    package var archiveTimeout: Duration = .seconds(48 * 3600)
    /// How long a video is kept; `nil` for ever.
    package var keep: Duration? = .seconds(30 * 86_400)
    /// Bytes of all videos together; the oldest go first. `nil` for no bound.
    package var archiveBytesMax: Int64?
    /// Between looks at a store that does not work.
    package var storeBackoff = Backoff(base: .seconds(1), cap: .seconds(30))
    /// Between looks at a store that does.
    package var storeCheckInterval: Duration = .seconds(60)
    /// Between looks at an archive that is not available, and tries to copy into it.
    package var archiveRetryInterval: Duration = .seconds(2)
    /// How long a high-water mark may stay behind the first commit that it does not know, and how far apart
    /// its writes are at least.
    package var markDelay: Duration = .milliseconds(200)
    package var markInterval: Duration = .milliseconds(800)
    /// How often retention looks.
    package var retentionInterval: Duration = .seconds(600)
    /// Ended tasks whose answer stays in memory. Open ones always do.
    package var endedCacheMax = 10_000

    package init() {}
}
