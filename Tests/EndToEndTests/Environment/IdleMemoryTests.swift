import Testing

@testable import Reelgate

/// When a process that rests returns memory.
@Suite struct IdleMemoryTests {
    /// Whether memory is due at these processor times, in milliseconds, of a process that was started at 100.
    private func isDue(at milliseconds: [Int]) -> [Bool] {
        var idle = IdleMemory(processorTime: .milliseconds(100))
        return milliseconds.map { idle.isDue(processorTime: .milliseconds($0)) }
    }

    @Test func `memory is due once the process rests after work`() {
        #expect(isDue(at: [400, 700, 705]) == [false, false, true])
    }

    @Test func `a process that never rests returns nothing`() {
        #expect(isDue(at: [110, 120, 130, 500, 1000]) == Array(repeating: false, count: 5))
    }

    @Test func `little work is summed up until returning memory is worth while`() {
        #expect(isDue(at: [101, 102, 103, 104, 105]) == [false, false, false, false, true])
    }

    @Test func `there are ten minutes between two times, and work between them`() {
        let rests = Array(repeating: 106, count: 61)
        #expect(isDue(at: rests) == [true] + Array(repeating: false, count: 60))
        #expect(isDue(at: rests + [111]) == [true] + Array(repeating: false, count: 60) + [true])
        #expect(isDue(at: Array(repeating: 106, count: 59) + [111, 111]).suffix(2) == [false, true])
    }
}
