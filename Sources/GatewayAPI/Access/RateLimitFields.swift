import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire

extension HTTPFields {
    /// Appends what a client has left of its requests per minute (draft-ietf-httpapi-ratelimit-headers-10).
    /// The quota refills evenly, so `t` is when there is one more request: the same time as `Retry-After`
    /// if none is left.
    mutating func append(_ quota: RequestQuota) {
        append("RateLimit-Policy", #""requests";q=\#(quota.limit);w=60"#)
        append("RateLimit", #""requests";r=\#(quota.remaining);t=\#(quota.next)"#)
    }
}

extension Problem {
    /// A request beyond a client's requests per minute.
    static func rateLimited(_ client: String, _ quota: RequestQuota) -> Problem {
        let requests = quota.limit == 1 ? "1 request" : "\(quota.limit) requests"
        let wait = WaitText.text(seconds: quota.next)
        var problem = Problem(
            .rateLimited, "client \(client) may send \(requests) per minute; it may send the next in \(wait)")
        problem.retryAfter = quota.next
        return problem
    }
}
