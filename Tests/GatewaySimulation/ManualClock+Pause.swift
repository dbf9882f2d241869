import Gateway
import GatewayFakes
import VideoJobs

extension ManualClock {
    /// Sleeps for a random time of at least a millisecond. Other work may run meanwhile, and the process may
    /// end.
    func pause(_ faults: FaultInjector, milliseconds: ClosedRange<Int>) async {
        await self.sleep(until: monotonic() + .milliseconds(faults.pick(milliseconds)))
    }
}
