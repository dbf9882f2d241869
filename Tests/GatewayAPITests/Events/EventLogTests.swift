import Gateway
import Testing
import VideoJobs

@testable import GatewayAPI

@Suite struct EventLogTests {
    private func event(_ task: Int, _ sequence: Int64) -> TaskEvent {
        TaskEvent(
            TaskRecord(
                id: TaskID("\(task)"), created: Timestamp(milliseconds: 0), model: "m", client: "c",
                state: .running, version: Int(sequence)),
            sequence: sequence)
    }

    /// All positions that a reader at a position is sent; `nil` at its end if what follows was dropped.
    private func read(_ log: EventLog, after start: Int64) -> [Int64?] {
        var positions: [Int64?] = []
        var position = start
        while true {
            switch log.next(after: position) {
            case .event(_, let next):
                positions.append(next)
                position = next
            case .nothing: return positions
            case .dropped: return positions + [nil]
            }
        }
    }

    @Test func `a reader is sent what follows its position`() {
        var log = EventLog()
        for sequence in [2, 5, 9] as [Int64] { log.append(event(1, sequence), at: sequence) }
        #expect(read(log, after: 0) == [2, 5, 9])
        #expect(read(log, after: 2) == [5, 9])
        #expect(read(log, after: 4) == [5, 9])
        #expect(read(log, after: 9) == [])
        #expect(log.contains(5) && !log.contains(4) && !log.contains(10))
    }

    @Test func `it is bounded, and has the newest change of each task`() {
        var log = EventLog()
        for sequence in 1...100_000 as ClosedRange<Int64> {
            log.append(event(Int(sequence % 10), sequence), at: sequence)
        }
        #expect(log.count < EventLog.recentMax + EventLog.olderMax + 512)
        let sent = read(log, after: 0).compactMap(\.self)
        #expect(sent.last == 100_000 && sent.count >= EventLog.recentMax)
    }

    @Test func `a task that has not changed for long is not lost to a slow reader`() {
        var log = EventLog()
        log.append(event(-1, 1), at: 1)
        for sequence in 2...50_000 as ClosedRange<Int64> { log.append(event(1, sequence), at: sequence) }
        #expect(read(log, after: 0).first == 1)
    }

    @Test func `a reader whose next change was dropped for others learns of it`() {
        var log = EventLog()
        for sequence in 1...10_000 as ClosedRange<Int64> {
            log.append(event(Int(sequence), sequence), at: sequence)
        }
        #expect(read(log, after: 0) == [nil])
        #expect(read(log, after: 9_500).count == 500)
    }
}
