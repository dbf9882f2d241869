internal import HTTPWire
internal import Transport

/// The `Date` field of a loop's responses, formatted once a second.
struct DateCache {
    private var turn: UInt64 = 0
    private var second: Int64 = -1
    private var cached: [UInt8] = []

    /// Returns the field's value. `turn` identifies the turn of the loop: the clock is read once for each.
    mutating func bytes(turn: UInt64) -> [UInt8] {
        if turn == self.turn { return cached }
        self.turn = turn
        let second = SystemTime.wallMilliseconds / 1000
        if second != self.second {
            self.second = second
            cached = IMFDate.bytes(second)
        }
        return cached
    }
}
