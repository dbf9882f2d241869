package import VideoJobs

/// The gateway's clock. Wall time is for records; every interval uses the monotonic clock.
package protocol GatewayClock: Sendable {
    func now() -> Timestamp
    func monotonic() -> MonotonicTime
    /// Returns at the given time, or at once when the surrounding task is cancelled.
    func sleep(until time: MonotonicTime) async
}
