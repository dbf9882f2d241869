/// The outcome of a request. All outcomes are values; nothing throws.
package enum FetchOutcome: Sendable {
    /// A complete response with any status.
    case completed(FetchResponse)
    case failed(FetchError)
}
