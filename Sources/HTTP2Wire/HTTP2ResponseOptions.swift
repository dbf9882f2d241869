/// Options for a response.
package struct HTTP2ResponseOptions: Sendable {
    /// The rest of the request's body is discarded; the stream is reset after the response.
    package var discardsRequestBody = false
    /// The content ends with a reset instead of END_STREAM (used by the simulator's faults).
    package var isTruncated = false
    /// The end of the response is reported by `takeEndedResponses`.
    package var isObserved = false

    package init() {}
}
