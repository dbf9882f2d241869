import Testing

/// Shows that each invariant can fail: for every part that is broken on purpose, the matching invariant
/// reports an error within a few seeds.
@Suite struct BrokenPartsTests {
    private func firstError(_ breakage: Simulation.Breakage) -> String {
        for seed in 1...UInt64(40) {
            do { try Simulation(seed: seed, breakage: breakage).run() } catch { return "\(error)" }
        }
        return "no error"
    }

    @Test func `a store that loses the state sending at a restart is detected`() {
        #expect(firstError(.storeForgetsSending).contains("the store lost a durable change"))
    }

    @Test func `a gateway that sends again after a restart is detected`() {
        #expect(firstError(.sendsAgain).contains("sent again after create"))
    }

    @Test func `a client library that sends each request twice is detected`() {
        #expect(firstError(.sendsTwice).contains(" sent "))
    }

    @Test func `a gateway without a limit in flight is detected`() {
        #expect(firstError(.noLimit).contains("in flight"))
    }

    @Test func `a poller without an interval is detected`() {
        #expect(firstError(.pollsWithoutPause).contains("polled again after"))
    }

    @Test func `a store that reports writes it did not make is detected`() {
        let message = firstError(.storeSkipsWrites)
        #expect(message.contains("not durable") || message.contains("sent while the stored state is"))
    }

    @Test func `a store that forgets webhooks is detected`() {
        #expect(firstError(.storeForgetsDeliveries).contains("webhooks are stored of"))
    }

    @Test func `an archive that loses copies is detected`() {
        #expect(firstError(.archiveLosesCopies).contains("no video"))
    }

    @Test func `a retention that removes content early is detected`() {
        #expect(firstError(.removesEarly).contains("removed after"))
    }
}
