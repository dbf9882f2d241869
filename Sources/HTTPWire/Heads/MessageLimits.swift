/// Limits for reading a request; in bytes unless stated otherwise.
package struct MessageLimits: Equatable, Sendable {
    /// The field lines of the header section, without the request line.
    package var header: Int
    package var target: Int
    package var trailers: Int
    /// The first line of a chunk, including extensions.
    package var chunkLine: Int
    /// The chunk extensions of one request together (RFC 9112 §7.1.1).
    package var chunkExtensions = 16 * 1024
    /// The number of field lines in a header or trailer section.
    package var fields = 256
    /// The number of empty lines before a request line.
    package var emptyLines = 4

    package init(
        header: Int = 16 * 1024, target: Int = 8 * 1024, trailers: Int = 8 * 1024, chunkLine: Int = 1024
    ) {
        self.header = header
        self.target = target
        self.trailers = trailers
        self.chunkLine = chunkLine
    }
}
