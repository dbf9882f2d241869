import Gateway
import Logging
import Synchronization
import Testing

@testable import Reelgate

/// The log of failed authentications, by a clock of the test.
@Suite struct AuthenticationLogTests {
    @Test func `a failure is logged once a minute and peer, with the number of unlogged ones`() {
        let lines = CollectedLines()
        let time = Atomic<Int64>(1_000_000)
        let log = AuthenticationLog(StructuredLog(Logger(label: "test") { _ in lines })) {
            time.load(ordering: .relaxed)
        }
        // The port of a peer is arbitrary.
        for port in 1...3 { log.record("no token", from: "10.0.0.1:\(port)") }
        log.record("no token", from: "10.0.0.2:1")
        let first = "notice: authentication failed peer=10.0.0.1 reason=no token unlogged=0"
        #expect(lines.all == [first, first.replacing("0.1", with: "0.2")])
        time.add(59_999, ordering: .relaxed)
        log.record("no token", from: "10.0.0.1:9")
        #expect(lines.all.count == 2)
        time.add(1, ordering: .relaxed)
        log.record("no token", from: "10.0.0.1:9")
        #expect(lines.all.last == first.replacing("unlogged=0", with: "unlogged=3"))
    }
}
