package import Tracing

/// The properties of one request that are logged.
package struct RequestRecord: Equatable, Sendable {
    /// A method that metrics distinguish, or `other`: a client may send anything in its place. `nil` if no
    /// valid head was received.
    package var method: String?
    /// The pattern of the route, such as `/v1/tasks/{id}`; `nil` if the request was rejected before it was
    /// routed, or arrived during startup.
    package var route: String?
    package var requestID: String
    package var principal: Principal
    package var outcome: ExchangeOutcome
    /// The time from the head to the end of the response.
    package var duration: Duration
    /// When the response ended, on the monotonic clock of the log, in nanoseconds; 0 if that is not known.
    package var ended: UInt64 = 0
    /// The position of the request in its trace; `nil` if it belongs to none.
    package var trace: TraceContext?

    package init(
        method: String?, route: String?, requestID: String, principal: Principal, outcome: ExchangeOutcome,
        duration: Duration
    ) {
        self.method = method
        self.route = route
        self.requestID = requestID
        self.principal = principal
        self.outcome = outcome
        self.duration = duration
    }
}
