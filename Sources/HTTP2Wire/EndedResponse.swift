/// The end of a response whose stream is observed.
package struct EndedResponse: Equatable, Sendable {
    /// How a response ended.
    package enum Completion: Equatable, Sendable {
        /// The end of the response was sent.
        case complete
        case resetByClient
        /// The session reset the stream, or ended the connection.
        case resetByServer
    }

    package let stream: Int32
    /// Bytes of the content that were sent.
    package let bytes: Int
    package let completion: Completion

    init(_ stream: Int32, bytes: Int, _ completion: Completion) {
        self.stream = stream
        self.bytes = bytes
        self.completion = completion
    }
}
