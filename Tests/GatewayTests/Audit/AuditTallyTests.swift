import Testing
import VideoJobs

@testable import Gateway

@Suite struct AuditTallyTests {
    private let start = MonotonicTime(milliseconds: 7)
    private var end: MonotonicTime { start + .seconds(60) }

    private func record(
        _ actor: String, _ code: String = "budget_exhausted", _ action: AuditAction = .submit
    ) -> AuditRecord {
        AuditRecord(at: Timestamp(milliseconds: 0), actor: actor, action, .refused(code))
    }

    private func counts(_ tally: inout AuditTally, at now: MonotonicTime?) -> [String] {
        tally.takeUnwritten(at: now).map { "\($0.kind.actor) \($0.kind.decision) \($0.count)" }.sorted()
    }

    @Test func `each actor, action and reason has a minute's records of its own`() {
        var tally = AuditTally()
        let kinds = [
            record("a"), record("b"), record("a", "rate_limited"), record("a", "budget_exhausted", .resubmit),
        ]
        for kind in kinds {
            for _ in 0..<AuditTally.perMinute { #expect(tally.count(kind, at: start) == .write) }
            #expect(tally.count(kind, at: start + .seconds(1)) == .count(until: end))
        }
        #expect(tally.nextDue == end)
    }

    @Test func `what is counted is taken once, when the minute is over or at the end`() {
        var tally = AuditTally()
        for _ in 0..<AuditTally.perMinute + 3 { _ = tally.count(record("a"), at: start) }
        #expect(counts(&tally, at: start + .seconds(59)) == [])
        #expect(counts(&tally, at: end) == ["a budget_exhausted 3"])
        #expect(counts(&tally, at: nil) == [] && tally.nextDue == nil)
        for _ in 0..<AuditTally.perMinute { #expect(tally.count(record("a"), at: end) == .write) }
        #expect(tally.count(record("a"), at: end) == .count(until: end + .seconds(60)))
        #expect(counts(&tally, at: nil) == ["a budget_exhausted 1"])
    }

    @Test func `a count whose time was missed is still taken`() {
        var tally = AuditTally()
        for _ in 0...AuditTally.perMinute { _ = tally.count(record("a"), at: start) }
        #expect(tally.count(record("a"), at: end + .seconds(30)) == .write)
        #expect(counts(&tally, at: end + .seconds(30)) == ["a budget_exhausted 1"])
    }

    @Test func `actors beyond the limit are counted together until others are over`() {
        var tally = AuditTally()
        for number in 0..<AuditTally.kindsMax {
            #expect(tally.count(record("c\(number)"), at: start) == .write)
        }
        for number in 0..<AuditTally.perMinute {
            #expect(tally.count(record("d\(number)"), at: start) == .write)
        }
        #expect(tally.count(record("e"), at: start) == .count(until: end))
        #expect(tally.count(record("e", "rate_limited"), at: start) == .write)
        #expect(tally.count(record("c0"), at: start) == .write)
        #expect(tally.count(record("f"), at: end) == .write)
        #expect(counts(&tally, at: end) == ["* budget_exhausted 1"])
    }
}
