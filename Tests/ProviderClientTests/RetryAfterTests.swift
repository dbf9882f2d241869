import Testing
import VideoJobs

@testable import ProviderClient

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("0", Duration.zero), ("7", .seconds(7)), (" 120", .seconds(120)),
        ("86401", .seconds(86_400)), ("99999999999999999999999", .seconds(86_400)),
        // RFC 9110 §5.6.7: the three forms of a date.
        ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)), ("Sunday, 06-Nov-94 08:49:39 GMT", .seconds(2)),
        ("Sun Nov  6 08:49:37 1994", .zero), ("Sun Nov 06 08:49:38 1994", .seconds(1)),
        ("Sat, 05 Nov 1994 08:49:37 GMT", .zero), ("Mon, 07 Nov 2033 08:49:37 GMT", .seconds(86_400)),
        ("Sunday, 06-Nov-45 08:49:37 GMT", .zero), ("Sunday, 06-Nov-44 08:49:37 GMT", .seconds(86_400)),
    ])
    func `seconds and dates say how long to wait, a day at most`(_ text: String, _ wait: Duration) {
        #expect(RetryAfter.wait(text, now: november) == wait)
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5", "7s", "soon", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 29 Feb 1995 00:00:00 GMT", "Sun, -6 Nov 1994 08:49:37 GMT",
    ])
    func `anything else says nothing`(_ text: String) {
        #expect(RetryAfter.wait(text, now: november) == nil)
    }

    @Test func `a wait is counted from the millisecond`() {
        let now = november + .milliseconds(250)
        #expect(RetryAfter.wait("Sun, 06 Nov 1994 08:49:38 GMT", now: now) == .milliseconds(750))
    }

    @Test(arguments: [
        ("Thu, 01 Jan 1970 00:00:00 GMT", Int64(0)), ("Tue, 29 Feb 2000 12:00:00 GMT", 951_825_600),
        ("Fri, 31 Dec 1999 23:59:60 GMT", 946_684_800), ("Sun, 06 Sep 2026 10:00:00 GMT", 1_788_688_800),
        ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ])
    func `a date is the second that the calendar says`(_ text: String, _ seconds: Int64) {
        #expect(HTTPDate.seconds(text, now: 0) == seconds)
    }
}
