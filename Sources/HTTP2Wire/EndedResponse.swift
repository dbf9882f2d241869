/// The end of a response whose stream is observed.
package struct EndedResponse: Equatable, Sendable {
    package let stream: Int32
    /// Bytes of the content that were sent.
    package let bytes: Int
    /// Whether the end of the response was sent.
    package let isComplete: Bool

    init(_ stream: Int32, bytes: Int, isComplete: Bool) {
        self.stream = stream
        self.bytes = bytes
        self.isComplete = isComplete
    }
}
