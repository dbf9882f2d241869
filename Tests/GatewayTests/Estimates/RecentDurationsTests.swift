import Testing

@testable import Gateway

@Suite struct RecentDurationsTests {
    private func recent(_ seconds: some Sequence<Int>) -> RecentDurations {
        var recent = RecentDurations()
        recent.append(contentsOf: seconds.map { .seconds($0) })
        return recent
    }

    @Test func `nothing is learned from nine tasks`() {
        #expect(recent(1...9).median == nil)
        #expect(recent(1...9).percentile95 == nil)
    }

    @Test(arguments: [
        (10, 5, 10), (11, 6, 11), (19, 10, 19), (20, 10, 19), (21, 11, 20), (100, 50, 95), (200, 100, 190),
    ])
    func `percentiles are those of the nearest rank, in any order`(
        _ count: Int, _ median: Int, _ percentile95: Int
    ) {
        for order in [Array(1...count), Array((1...count).reversed())] {
            #expect(recent(order).median == .seconds(median))
            #expect(recent(order).percentile95 == .seconds(percentile95))
        }
    }

    @Test func `old durations are forgotten in their order`() {
        var durations = recent(Array(repeating: 1_000, count: 150) + Array(repeating: 10, count: 50))
        #expect(durations.median == .seconds(1_000))
        for _ in 0..<100 { durations.append(contentsOf: [.seconds(10)]) }
        #expect(durations.median == .seconds(10))
        #expect(durations.percentile95 == .seconds(1_000))
        durations.append(contentsOf: Array(repeating: .seconds(10), count: 50))
        #expect(durations.percentile95 == .seconds(10))
    }
}
