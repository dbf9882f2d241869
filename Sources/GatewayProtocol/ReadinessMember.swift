/// A member name of the response to `GET /readyz` while the gateway is ready.
package enum ReadinessMember: String, CaseIterable, Sendable {
    case status, warnings

    /// The value of `status`.
    package static let ready = "ready"
}
