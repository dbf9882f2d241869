/// Every relevant status, with an error of the provider and with an HTML page.
enum StatusFaults {
    static let redirects = [301, 302, 303, 307, 308]
    private static let own: [Int: Outcome] = [
        400: .refused(400), 404: .refused(502), 413: .refused(413), 415: .refused(415),
        422: .refused(422),
    ]
    /// Statuses that block submission for the account.
    private static let blocking: [Int: String] = [
        401: "provider_credentials_rejected", 403: "provider_credentials_rejected",
        402: "provider_quota_exhausted",
    ]
    private static let others = [
        300, 304, 405, 406, 408, 409, 410, 418, 421, 423, 425, 428, 431, 451, 499, 500, 501, 502, 504, 505,
        507, 520, 521, 522, 523, 524, 525, 526, 527, 530, 599,
    ]

    /// - Parameter elsewhere: the target of redirects.
    static func rows(elsewhere: String) -> [FaultRow] {
        successes + inOwnShape + inNoShape
            + redirects.map { status in
                FaultRow(
                    fault: "\(status) to another host",
                    provider: .script(#""redirect":"\#(elsewhere)","status":\#(status)"#),
                    expected: .unknown(1, accepted: 0))
            }
    }

    private static var successes: [FaultRow] {
        let whole = [200, 201, 202, 206].map { status in
            FaultRow(
                fault: "\(status) with an id", provider: .script(#""status":\#(status)"#),
                expected: .accepted())
        }
        let empty = [200, 201, 202, 206].map { status in
            FaultRow(
                fault: "\(status) without an id", provider: .script(#""status":\#(status),"accept":false"#),
                expected: .unknown(1, accepted: 0))
        }
        let none = FaultRow(
            fault: "204", provider: .script(#""status":204"#), expected: .unknown(1, accepted: 1))
        return whole + empty + [none]
    }

    private static var inOwnShape: [FaultRow] {
        let refused = own.keys.sorted().map { status in
            FaultRow(
                fault: "\(status) in the provider's shape", provider: .script(#""status":\#(status)"#),
                expected: own[status] ?? .refused(status))
        }
        let paused = blocking.keys.sorted().map { status in
            FaultRow(
                fault: "\(status) in the provider's shape", provider: .script(#""status":\#(status)"#),
                expected: .notAccepted(blocking[status] ?? ""))
        }
        let unknown = others.filter { $0 != 304 }.map { status in
            FaultRow(
                fault: "\(status) in the provider's shape", provider: .script(#""status":\#(status)"#),
                expected: .unknown(1, accepted: 0))
        }
        return refused + paused + quotaCodes + unknown
    }

    /// Error codes of an exhausted quota.
    private static var quotaCodes: [FaultRow] {
        let error = #"{\"error\":{\"message\":\"m\",\"type\":\"t\",\"code\":\"insufficient_quota\"}}"#
        return [429, 400, 500, 200].map { status in
            let isSuccess = status == 200
            let accept = isSuccess ? #","accept":false"# : ""
            return FaultRow(
                fault: "\(status) with a quota code" + (isSuccess ? " and no id" : ""),
                provider: .script(#""reply":{"status":\#(status),"body":"\#(error)"}\#(accept)"#),
                expected: .notAccepted("provider_quota_exhausted"))
        }
    }

    /// HTML pages of a proxy in front of the provider.
    private static var inNoShape: [FaultRow] {
        let statuses = own.keys.sorted() + blocking.keys.sorted() + [503] + others
        return statuses.sorted().map { status in
            FaultRow(
                fault: "\(status) and a page of HTML",
                provider: .script(#""garbage":true,"status":\#(status)"#),
                expected: .unknown(1, accepted: 0))
        }
    }

    /// - Parameter date: an HTTP date a minute from now.
    static func busy(date: String) -> [FaultRow] {
        let waits = [("in seconds", "60"), ("as a date", "\"\(date)\"")]
        let limited = waits.map { name, wait in
            FaultRow(
                fault: "429, Retry-After \(name)",
                provider: .script(#""status":429,"retry_after":\#(wait)"#),
                limits: .retryAfter, expected: .rateLimited)
        }
        let unavailable = waits.map { name, wait in
            FaultRow(
                fault: "503 in the provider's shape, Retry-After \(name)",
                provider: .script(#""status":503,"retry_after":\#(wait)"#), limits: .retryAfter,
                expected: .notAccepted("provider_unreachable"))
        }
        // Without Retry-After the backoff of the gateway is shorter than the wait of the client.
        let soon = [
            ("429 in the provider's shape, once", #""status":429"#),
            ("429 and a page of HTML, once", #""garbage":true,"status":429"#),
            ("503 in the provider's shape, once", #""status":503"#),
        ]
        return limited + unavailable
            + soon.map { FaultRow(fault: $0, provider: .script($1), expected: .accepted(2, 1)) }
    }
}
