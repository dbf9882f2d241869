import Gateway
import VideoJobs

extension GatewayClock {
    /// The wall clock minus the monotonic clock.
    var wallOffset: Duration { .milliseconds(now().milliseconds - monotonic().milliseconds) }
}
