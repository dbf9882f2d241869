/// What is left of a client's requests per minute after one of them.
package struct RequestQuota: Equatable, Sendable {
    /// Requests per minute.
    package let limit: Int
    /// Requests that are left now.
    package let remaining: Int
    /// Whether none was left for this request.
    package let isExceeded: Bool
    /// Seconds until there is one more, at least 1.
    package let next: Int
}
