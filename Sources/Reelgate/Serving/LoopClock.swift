import Gateway
import Transport
import VideoJobs

/// The gateway's clock: the system's time, with sleeps on a loop's timers.
struct LoopClock: GatewayClock {
    let loop: EventLoop

    func now() -> Timestamp { Timestamp(milliseconds: SystemTime.wallMilliseconds) }
    func monotonic() -> MonotonicTime { MonotonicTime(milliseconds: SystemTime.monotonicMilliseconds) }
    func sleep(until time: MonotonicTime) async { await loop.sleep(for: time - monotonic()) }
}
