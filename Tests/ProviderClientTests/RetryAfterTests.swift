import HTTPFetching
import Testing
import VideoJobs

@testable import ProviderClient

@Suite struct RetryAfterTests {
    @Test(arguments: [
        ("0", Duration.zero), ("7", .seconds(7)), (" 120", .seconds(120)),
        ("86401", .seconds(86_400)), ("99999999999999999999999", .seconds(86_400)),
        // RFC 9110 §5.6.7: the three date formats.
        ("Sun, 06 Nov 1994 08:50:37 GMT", .seconds(60)), ("Sunday, 06-Nov-94 08:49:39 GMT", .seconds(2)),
        ("Sun Nov  6 08:49:37 1994", .zero), ("Sun Nov 06 08:49:38 1994", .seconds(1)),
        ("Sat, 05 Nov 1994 08:49:37 GMT", .zero), ("Mon, 07 Nov 2033 08:49:37 GMT", .seconds(86_400)),
        ("Tuesday, 06-Nov-45 08:49:37 GMT", .zero),
        // Fractions, units, and fields combined by a proxy.
        ("4.5", .seconds(5)), ("1.0", .seconds(1)), ("0.001", .seconds(1)), (".5", .seconds(1)),
        ("7s", .seconds(7)),
        ("\"4\"", .seconds(4)), ("'4'", .seconds(4)), ("+4", .seconds(4)), ("1e1", .seconds(10)),
        ("1E+1", .seconds(10)), ("4000ms", .seconds(4)), ("4000 ms", .seconds(4)), ("1m", .seconds(60)),
        ("2 minutes", .seconds(120)), ("1h", .seconds(3600)), ("PT5S", .seconds(5)), ("PT2M", .seconds(120)),
        ("4; comment", .seconds(4)), ("4;n=1", .seconds(4)), ("1e400", .seconds(86_400)),
        ("99h", .seconds(86_400)),
        ("5 seconds", .seconds(5)), ("2.5 sec", .seconds(3)), ("\t9 ", .seconds(9)), ("5, 30", .seconds(30)),
        ("99999999999999999999999.5", .seconds(86_400)),
        // Variants of the date formats.
        ("Sun, 06 Nov 1994 08:50:37 +0000", .seconds(60)), ("Sun, 06 Nov 1994 08:50:37 UTC", .seconds(60)),
        ("Sun, 06 Nov 1994 09:50:37 +0100", .seconds(60)), ("sun, 6 nov 1994 08:50:37 gmt", .seconds(60)),
        ("06 Nov 1994 08:50:37 GMT", .seconds(60)), ("Tue, 06 Nov 1994 08:50:37 GMT", .seconds(60)),
        ("Sun, 06 Nov 1994 08:50:37", .seconds(60)), ("1994-11-06T08:50:37Z", .seconds(60)),
        ("1994-11-06T08:50:36.5Z", .seconds(60)), ("1994-11-06 00:50:37-08:00", .seconds(60)),
    ])
    func `seconds and dates are delays of at most a day`(_ text: String, _ delay: Duration) {
        #expect(RetryAfter.delay(text, now: november) == delay)
    }

    @Test(arguments: [
        "", " ", "-1", "+-1", "\"", "\"x\"", "e1", "1e", "5d", "PT", ".", "1.x", "soon",
        "Sun, 31 Feb 1994 08:49:37 GMT", "s",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 29 Feb 1995 00:00:00 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "1994-13-06T08:50:37Z",
        "1994-11-06",
    ])
    func `anything else is ignored`(_ text: String) {
        #expect(RetryAfter.delay(text, now: november) == nil)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", Duration.seconds(60)),
        ("Sun, 06 Nov 1994 08:50:07 GMT", .seconds(30)), ("Sun, 06 Nov 1994 09:49:37 GMT", .zero),
        // An unreadable date: the local clock is used.
        ("yesterday", .seconds(86_400)),
    ])
    func `a date is relative to the response's own Date`(_ sent: String, _ delay: Duration) {
        let asked = [
            (name: "retry-after", value: "Sun, 06 Nov 1994 08:50:37 GMT"), (name: "date", value: sent),
        ]
        let aDayBefore = november + .seconds(-86_400) + .seconds(-86_400)
        let response = FetchResponse(status: 503, fields: asked)
        #expect(RetryAfter.delay(requestedBy: response, now: aDayBefore) == delay)
        let verdict = SubmissionClassifier(key: key).verdict(
            on: .reply(429, errorText, asked), now: aDayBefore)
        #expect(
            verdict
                == .notAccepted(.rateLimited, retryAfter: delay, message: "HTTP 429: No such model"))
        let poll = PollClassifier(key: key).outcome(
            of: .reply(503, errorText, asked), for: ProviderTaskID("t"), now: aDayBefore)
        #expect(poll == .unavailable(message: "HTTP 503: No such model", retryAfter: delay))
    }

    @Test func `a response without Retry-After has no delay`() {
        let response = FetchResponse(
            status: 429, fields: [(name: "Date", value: "Sun, 06 Nov 1994 08:49:37 GMT")])
        #expect(RetryAfter.delay(requestedBy: response, now: november) == nil)
    }

    @Test func `seconds are independent of the response's Date`() {
        let fields = [
            (name: "Retry-After", value: "7"), (name: "Date", value: "Mon, 07 Nov 2033 08:49:37 GMT"),
        ]
        let response = FetchResponse(status: 429, fields: fields)
        #expect(RetryAfter.delay(requestedBy: response, now: november) == .seconds(7))
    }

    @Test func `a delay has millisecond precision`() {
        let now = november + .milliseconds(250)
        #expect(RetryAfter.delay("Sun, 06 Nov 1994 08:49:38 GMT", now: now) == .milliseconds(750))
    }

    @Test func `the longest of several delays counts, and retry-after-ms is supported`() {
        let fields = [
            (name: "Retry-After", value: "2"), (name: "retry-after", value: "3"),
            (name: "retry-after-ms", value: "3500.5"),
        ]
        let delay = RetryAfter.delay(requestedBy: FetchResponse(status: 429, fields: fields), now: november)
        #expect(delay == .milliseconds(3501))
    }
}
