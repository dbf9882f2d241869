import Testing

/// The invariants are worth something only if they can fail: each part that is broken here on purpose has to
/// be noticed within a few seeds, by the invariant that is there for it.
@Suite struct BrokenPartsTests {
    private func firstViolation(_ breakage: Simulation.Breakage) -> String {
        for seed in 1...UInt64(40) {
            do { try Simulation(seed: seed, breakage: breakage).run() } catch { return "\(error)" }
        }
        return "nothing was noticed"
    }

    @Test func `a store that forgets at a restart that something was being sent is noticed`() {
        #expect(firstViolation(.storeForgetsSending).contains("the store lost what was durable"))
    }

    @Test func `a gateway that forgets at a restart that something was being sent is noticed`() {
        #expect(firstViolation(.sendsAgain).contains("sent again after create"))
    }

    @Test func `a client library that sends each request twice is noticed`() {
        #expect(firstViolation(.sendsTwice).contains(" sent "))
    }

    @Test func `a gateway without a limit in flight is noticed`() {
        #expect(firstViolation(.noLimit).contains("in flight"))
    }

    @Test func `a poller without a pause is noticed`() {
        #expect(firstViolation(.asksWithoutPause).contains("asked again after"))
    }

    @Test func `a store that says durable what is not is noticed`() {
        let violation = firstViolation(.storeLies)
        #expect(violation.contains("not durable") || violation.contains("sent while the store says"))
    }

    @Test func `an archive that loses videos is noticed`() {
        #expect(firstViolation(.archiveLoses).contains("no video"))
    }

    @Test func `a retention that trusts no clock is noticed`() {
        #expect(firstViolation(.keepsTooShortly).contains("removed after"))
    }
}
