import Testing
@testable import HTTPWire

@Suite struct IMFDateTests {
    @Test(arguments: [
        (Int64(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT"), (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
        (-1, "Wed, 31 Dec 1969 23:59:59 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (1_757_165_031, "Sat, 06 Sep 2025 13:23:51 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT"), (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
    ])
    func `a date round-trips through text`(seconds: Int64, text: String) {
        #expect(IMFDate.text(seconds) == text)
        #expect(IMFDate.bytes(seconds).count == 29)
        #expect(IMFDate.parse(text, now: 0) == seconds)
    }

    @Test func `the days of four centuries round-trip through text`() {
        for day in stride(from: Int64(-36_500), to: 110_000, by: 17) {
            let seconds = day * 86400 + (day &* 7919 % 86400 + 86400) % 86400
            guard IMFDate.parse(IMFDate.text(seconds), now: 0) == seconds else {
                Issue.record("day \(day)")
                return
            }
        }
    }

    @Test func `obsolete date formats are parsed`() {
        #expect(IMFDate.parse("Sunday, 06-Nov-94 08:49:37 GMT", now: 1_757_165_031) == 784_111_777)
        #expect(IMFDate.parse("Sun Nov  6 08:49:37 1994", now: 0) == 784_111_777)
        #expect(IMFDate.parse("Wed Nov 16 08:49:37 1994", now: 0) == 784_975_777)
    }

    @Test func `a two-digit year more than 50 years ahead is in the past`() {
        let now: Int64 = 1_757_165_031  // September 2025
        #expect(IMFDate.parse("Tuesday, 01-Sep-75 00:00:00 GMT", now: now) == nil, "in 2075 a Sunday")
        #expect(IMFDate.parse("Sunday, 01-Sep-75 00:00:00 GMT", now: now) == 3_334_521_600)
        #expect(IMFDate.parse("Saturday, 01-Nov-75 00:00:00 GMT", now: now) == 184_032_000)
    }

    @Test func `a leap second is accepted`() {
        #expect(IMFDate.parse("Sat, 31 Dec 2016 23:59:60 GMT", now: 0) == 1_483_228_800)
    }

    @Test(arguments: [
        "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Mon, 06 Nov 1994 08:49:37 GMT", "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:00 GMT", "Sun, 06 Nov 1994 08:49:61 GMT",
        "Fri, 31 Nov 1994 08:49:37 GMT", "Wed, 29 Feb 1995 00:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        " Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 94 08:49:37 GMT", "Sunday, 06 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun, 06  Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 +0000", "784111777", "Sun, -6 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
    ])
    func `an invalid date is rejected`(_ text: String) {
        #expect(IMFDate.parse(text, now: 1_757_165_031) == nil)
    }
}
