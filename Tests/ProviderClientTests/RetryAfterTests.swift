import HTTPFetching
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
        ("Tuesday, 06-Nov-45 08:49:37 GMT", .zero),
    ])
    func `seconds and dates say how long to wait, a day at most`(_ text: String, _ wait: Duration) {
        #expect(RetryAfter.wait(text, now: november) == wait)
    }

    @Test(arguments: [
        "", " ", "-1", "+1", "1.5", "7s", "soon", "Sun, 06 Nov 1994 08:49:37",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 29 Feb 1995 00:00:00 GMT", "Tue, 06 Nov 1994 08:49:37 GMT",
        "Sun, -6 Nov 1994 08:49:37 GMT",
    ])
    func `anything else says nothing`(_ text: String) {
        #expect(RetryAfter.wait(text, now: november) == nil)
    }

    @Test(arguments: [
        ("Sun, 06 Nov 1994 08:49:37 GMT", Duration.seconds(60)),
        ("Sun, 06 Nov 1994 08:50:07 GMT", .seconds(30)), ("Sun, 06 Nov 1994 09:49:37 GMT", .zero),
        // No date that can be read: our own clock it is.
        ("yesterday", .seconds(86_400)),
    ])
    func `a date is counted from the answer's own, whatever our clock says`(_ sent: String, _ wait: Duration)
    {
        let asked = [
            (name: "retry-after", value: "Sun, 06 Nov 1994 08:50:37 GMT"), (name: "date", value: sent),
        ]
        let aDayBefore = november + .seconds(-86_400) + .seconds(-86_400)
        let answer = FetchResponse(status: 503, fields: asked)
        #expect(RetryAfter.wait(askedBy: answer, now: aDayBefore) == wait)
        let verdict = SubmissionClassifier(key: key).verdict(
            on: .answer(429, errorText, asked), now: aDayBefore)
        #expect(
            verdict
                == .notAccepted(.rateLimited, retryAfter: wait, words: "HTTP 429: No such model"))
        let poll = PollClassifier(key: key).outcome(
            of: .answer(503, errorText, asked), for: ProviderTaskID("t"), now: aDayBefore)
        #expect(poll == .unavailable(words: "HTTP 503: No such model", retryAfter: wait))
    }

    @Test func `an answer that asks for no wait asks for none`() {
        let answer = FetchResponse(
            status: 429, fields: [(name: "Date", value: "Sun, 06 Nov 1994 08:49:37 GMT")])
        #expect(RetryAfter.wait(askedBy: answer, now: november) == nil)
    }

    @Test func `seconds are seconds, whatever the answer's date says`() {
        let fields = [
            (name: "Retry-After", value: "7"), (name: "Date", value: "Mon, 07 Nov 2033 08:49:37 GMT"),
        ]
        let answer = FetchResponse(status: 429, fields: fields)
        #expect(RetryAfter.wait(askedBy: answer, now: november) == .seconds(7))
    }

    @Test func `a wait is counted from the millisecond`() {
        let now = november + .milliseconds(250)
        #expect(RetryAfter.wait("Sun, 06 Nov 1994 08:49:38 GMT", now: now) == .milliseconds(750))
    }
}
