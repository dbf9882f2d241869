import Testing
import VideoJobs

@testable import Gateway

@Suite struct LinkExpiryTests {
    /// 2026-11-30T04:15:00Z.
    private let received = Timestamp(milliseconds: 1_796_012_100_000)

    @Test(arguments: [
        ("https://b.s3.example/k?X-Amz-Date=20261130T041500Z&X-Amz-Expires=600&X-Amz-Signature=ab", 600),
        ("https://s.example/k?x-goog-expires=60&a=b&X-Goog-Date=20261130T041400Z", 0),
        ("https://o.example/k?x-oss-date=20261129T041500Z&x-oss-expires=86460#f", 60),
        ("https://c.example/k?Expires=1796012130&Signature=x", 30),
        ("http://127.0.0.1:8032/results/t.mp4?expires=1796012120&signature=00", 20),
        ("https://c.example/k?Expires=1796012130&Expires=1796012190", 30),
        // Not believable, not stated, or not a time.
        ("https://c.example/k?Expires=17", 86_400), ("https://c.example/k?Expires=99999999999", 86_400),
        ("https://c.example/k?Expires=123456789012", 86_400), ("https://c.example/k", 86_400),
        ("https://c.example/k#?Expires=1796012130", 86_400), ("https://c.example/k?Expires=-1", 86_400),
        ("https://c.example/k?X-Amz-Date=20261330T041500Z&X-Amz-Expires=600", 86_400),
        ("https://c.example/k?X-Amz-Date=2026-11-30T04:15&X-Amz-Expires=600", 86_400),
        ("https://c.example/k?X-Amz-Expires=600", 86_400), ("", 86_400),
    ])
    func `a link expires when its signature says, else after the documented lifetime`(
        _ link: String, _ seconds: Int
    ) {
        let expiry = LinkExpiry.time(of: link, received: received, lifetime: .seconds(86_400))
        #expect(expiry - received == .seconds(seconds))
    }

    @Test(arguments: [
        ("https://a.example/x", "a.example"), ("http://u:p@A.example:81?x=//b", "a.example:81"),
        ("https://[::1]:8/x", "[::1]:8"), ("data", ""),
    ])
    func `a host is known by its name and port`(_ link: String, _ host: String) {
        #expect(LinkExpiry.host(of: link) == host)
    }

    @Test func `waits are a fraction of what is left, and of none once it is over`() {
        let backoff = Backoff(base: .seconds(2), cap: .seconds(300))
        func delay(_ remaining: Duration, _ retryAfter: Duration? = nil) -> Duration {
            LinkLifetime(remaining: remaining).delay(backoff, after: 20, retryAfter: retryAfter, jitter: 0.5)
        }
        #expect(delay(.seconds(86_400)) == .seconds(225))
        #expect(delay(.seconds(80)) == .seconds(10))
        #expect(delay(.seconds(80), .seconds(600)) == .seconds(40))
        #expect(delay(.milliseconds(100)) == .milliseconds(250))
        #expect(delay(.zero) == .seconds(225))
        #expect(LinkLifetime(remaining: .seconds(80)).stallTimeout == .seconds(10))
        #expect(LinkLifetime(remaining: .milliseconds(1)).stallTimeout == .milliseconds(500))
        #expect(LinkLifetime(remaining: .zero).stallTimeout == nil)
    }
}
