/// How slowly a response is sent: the simulator's faults.
package struct ThrottledBody: Equatable, Sendable {
    /// Bytes per piece, at least 1; the head counts.
    package var piece: Int
    /// The pause before each piece, at least a millisecond.
    package var pause: Duration
    /// Spaces after the body, which are never held in memory.
    package var filler: Int64

    package init(piece: Int, pause: Duration, filler: Int64 = 0) {
        self.piece = max(1, piece)
        self.pause = max(pause, .milliseconds(1))
        self.filler = max(0, filler)
    }
}
