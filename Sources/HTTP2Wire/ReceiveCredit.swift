/// How far clients may go on sending bodies: what they may send again for what was taken.
///
/// Bodies are gathered whole, so that a client with many streams could have us hold much. Beyond a bound
/// only the oldest body that is still incomplete goes on; the others wait for it, within their own time.
/// Beyond another, the youngest is given up.
struct ReceiveCredit: Sendable {
    /// What each stream may be told to send again.
    typealias Grant = [Int32: Int]

    private var held: [Int32: Int] = [:]
    private var total = 0
    private var owed: Grant = [:]

    /// Bytes of incomplete bodies, without the oldest: up to which all go on, and up to which all are held.
    private let goOnBound: Int
    private let holdBound: Int
    /// Whether the server has little room for bodies: then only the oldest goes on.
    var isScarce = false

    init(goOnBound: Int = 256 * 1024, holdBound: Int = 1024 * 1024) {
        self.goOnBound = goOnBound
        self.holdBound = holdBound
    }

    /// Notes that so much of a body was taken and is held; whether the stream may send as much again, which
    /// is the common case. Otherwise `settle` says what may be.
    mutating func take(_ count: Int, of stream: Int32) -> Bool {
        held[stream, default: 0] += count
        total += count
        if total <= bound, owed.isEmpty { return true }
        owed[stream, default: 0] += count
        return false
    }

    /// Notes that a body is complete, or will not be.
    mutating func finish(_ stream: Int32) -> Grant {
        owed[stream] = nil
        guard let count = held.removeValue(forKey: stream) else { return [:] }
        total -= count
        return owed.isEmpty ? [:] : settle()
    }

    /// What streams may be told to send again of what is owed to them.
    mutating func settle() -> Grant {
        guard let oldest = held.keys.min() else { return [:] }
        if total - (held[oldest] ?? 0) <= bound {
            defer { owed = [:] }
            return owed
        }
        return owed.removeValue(forKey: oldest).map { [oldest: $0] } ?? [:]
    }

    private var bound: Int { isScarce ? 0 : goOnBound }

    /// What is owed to a stream whose body is of no use any more, and is to be sent to its end.
    func owed(to stream: Int32) -> Int { owed[stream] ?? 0 }

    /// The stream to give up because too much is held, if that is so.
    var surplus: Int32? {
        guard total > holdBound, let oldest = held.keys.min() else { return nil }
        return total - (held[oldest] ?? 0) > holdBound ? held.keys.max() : nil
    }
}
