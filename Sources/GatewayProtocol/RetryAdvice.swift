/// When the request that failed may be sent again.
package enum RetryAdvice: Equatable, Sendable {
    /// The same request fails again: it must change first.
    case afterChange
    /// The same request may succeed later. `seconds` is the default of `Retry-After`; `nil` sends none.
    case later(seconds: Int?)
    /// The job may be running and billed: only after the task is settled.
    case afterSettlement

    /// The default of `Retry-After`.
    package var seconds: Int? {
        switch self {
        case .later(let seconds): seconds
        case .afterChange, .afterSettlement: nil
        }
    }
}
