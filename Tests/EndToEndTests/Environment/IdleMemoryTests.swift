import Testing

@testable import Reelgate

/// When a process that rests returns memory.
@Suite struct IdleMemoryTests {
    private func times(_ milliseconds: Int...) -> [Bool] {
        var idle = IdleMemory(processorTime: .milliseconds(100))
        return milliseconds.map { idle.isDue(processorTime: .milliseconds($0)) }
    }

    @Test func `memory is returned once the process rests after work`() {
        #expect(times(100, 400, 700, 705, 706) == [false, false, false, true, false])
    }

    @Test func `a process that never rests returns nothing`() {
        #expect(!times(110, 120, 130, 500, 1000).contains(true))
    }

    @Test func `little work is summed up until returning memory is worth while`() {
        #expect(times(105, 110, 115, 119, 120, 125) == [false, false, false, false, true, false])
    }
}
