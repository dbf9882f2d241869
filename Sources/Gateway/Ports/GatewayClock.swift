package import VideoJobs

/// Time as the gateway sees it. Wall time is for records; every interval runs on the monotonic clock.
package protocol GatewayClock: Sendable {
    func now() -> Timestamp
    func monotonic() -> MonotonicTime
    /// Returns at the given time, or at once when the surrounding task is cancelled.
    func sleep(until time: MonotonicTime) async
}
