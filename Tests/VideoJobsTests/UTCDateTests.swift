import Foundation
import Testing
import VideoJobs

@Suite struct UTCDateTests {
    @Test(
        arguments: [
            (0, "1970-01-01"), (-1, "1969-12-31"), (86_399_999, "1970-01-01"), (86_400_000, "1970-01-02"),
            (951_782_400_000, "2000-02-29"), (1_709_164_800_000, "2024-02-29"),
            (1_796_000_000_000, "2026-11-30"), (4_102_444_799_999, "2099-12-31"),
        ] as [(Int64, String)])
    func `a time has its date`(_ milliseconds: Int64, _ text: String) {
        #expect(UTCDate(of: Timestamp(milliseconds: milliseconds)).description == text)
    }

    @Test func `dates agree with the calendar of Foundation for 400 years`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: Int64(-30_000), through: 120_000, by: 61) {
            let time = Timestamp(milliseconds: day * 86_400_000 + 43_200_000)
            let date = Date(timeIntervalSince1970: Double(time.seconds))
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let month = try #require(calendar.dateInterval(of: .month, for: date))
            let found = UTCDate(of: time)
            let text = String(format: "%d-%02d-%02d", parts.year ?? 0, parts.month ?? 0, parts.day ?? 0)
            #expect(found.description == text)
            #expect(found.start.seconds == day * 86_400)
            #expect(found.next.start.seconds == (day + 1) * 86_400)
            #expect(found.firstOfMonth.start.seconds == Int64(month.start.timeIntervalSince1970))
            #expect(found.firstOfNextMonth.start.seconds == Int64(month.end.timeIntervalSince1970))
        }
    }
}
