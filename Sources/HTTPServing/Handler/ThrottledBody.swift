/// A slow transmission of a response, for the faults of the simulator.
package struct ThrottledBody: Equatable, Sendable {
    /// The number of bytes of each write, at least 1; the head counts.
    package var chunkSize: Int
    /// The delay before each write, at least a millisecond.
    package var delay: Duration
    /// The number of spaces after the body; they are never held in memory.
    package var padding: Int64

    package init(chunkSize: Int, delay: Duration, padding: Int64 = 0) {
        self.chunkSize = max(1, chunkSize)
        self.delay = max(delay, .milliseconds(1))
        self.padding = max(0, padding)
    }
}
