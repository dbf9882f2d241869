import Testing

@testable import Gateway

@Suite struct RefusalTallyTests {
    @Test func `clients beyond the limit are counted together until others are over`() {
        var tally = RefusalTally()
        let start = MonotonicTime(milliseconds: 0)
        for number in 0..<RefusalTally.clientsMax { #expect(tally.record("c\(number)", at: start) == 0) }
        for number in 0..<RefusalTally.perMinute { #expect(tally.record("d\(number)", at: start) == 0) }
        #expect(tally.record("e", at: start) == nil)
        #expect(tally.record("c0", at: start) == 0)
        #expect(tally.record("f", at: start + .seconds(60)) == 0)
    }
}
