import Testing
import VideoJobs

@testable import Gateway

/// A provider rejects some jobs for a reason that the queue has to infer.
@Suite struct RejectionHistoryTests {
    @Test(arguments: 1...UInt64(40))
    func `unaffected jobs are sent, affected jobs are retried rarely, and all are accepted in the end`(
        _ seed: UInt64
    ) throws {
        var history = RejectionHistory(seed: seed)
        history.run()
        let note: Comment = "seed \(seed): \(history.reason)"
        #expect(history.waiting.isEmpty, note)
        #expect(history.longestUnaffected < .seconds(120), note)
        #expect(history.earlyAttempts == 0, note)
        // Ten minutes of backoff from one second to sixty, and a few probes that narrow the reason down.
        #expect(history.rejections <= 30, note)
        #expect(history.longestAfterEnd < .seconds(300), note)
        #expect(history.blockedSeconds < 120, note)
    }
}
