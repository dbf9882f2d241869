import Testing

@testable import Metrics

@Suite struct CellTests {
    @Test func `counts of many threads at once are all counted`() async {
        let counter = MetricCounter()
        let histogram = MetricHistogram(.counts([10, 100]))
        let family = CounterFamily("a_total", "A", labels: ["thread"], limit: 5)
        await withTaskGroup { group in
            for thread in 0..<8 {
                group.addTask { @concurrent in
                    for number in 0..<10_000 {
                        counter.add()
                        histogram.observe(UInt64(number % 200))
                        family.counter("\(thread)").add()
                    }
                }
            }
        }
        #expect(counter.value == 80_000)
        #expect(histogram.snapshot.counts == [4400, 36_000, 39_600])
        #expect(histogram.snapshot.count == 80_000)
        #expect(histogram.snapshot.sum == 7_960_000)
        let series = family.family.samples
        #expect(series.count == 5)
        let counts = series.map { sample -> Int64 in
            if case .integer(let count) = sample.value { count } else { 0 }
        }
        #expect(counts.reduce(0, +) == 80_000)
    }

    @Test func `an observation belongs to the first bucket that is not below it`() {
        let histogram = MetricHistogram(.seconds([0.001, 1]))
        for duration in [Duration.zero, .milliseconds(1), .microseconds(1001), .seconds(1), .seconds(2)] {
            histogram.observe(duration)
        }
        #expect(histogram.snapshot.bounds == [0.001, 1])
        #expect(histogram.snapshot.counts == [2, 2, 1])
        #expect(abs(histogram.snapshot.sum - 3.002_001) < 1e-9)
    }

    @Test func `a negative duration counts as none, and an endless one does not trap`() {
        let histogram = MetricHistogram(.seconds([1]))
        histogram.observe(.seconds(-5))
        histogram.observe(.milliseconds(-1))
        histogram.observe(.seconds(Int64.max))
        #expect(histogram.snapshot.counts == [2, 1])
    }

    @Test func `series beyond the limit share one, and known ones stay`() {
        let family = CounterFamily("a_total", "A", labels: ["x", "y"], limit: 3)
        for name in ["a", "b", "c", "d", "a", "d"] { family.counter(name, "1").add() }
        let counts = family.family.samples.map { ($0.labels.map(\.value), $0.value) }
        #expect(counts.map(\.0) == [["a", "1"], ["b", "1"], ["other", "other"]])
        #expect(counts.map(\.1) == [.integer(2), .integer(1), .integer(3)])
    }

    @Test func `the first values of a label keep their names, further ones are other`() {
        let limit = LabelLimit(2)
        #expect(["a", "b", "c", "a", "d", "b"].map(limit.value) == ["a", "b", "other", "a", "other", "b"])
    }
}
