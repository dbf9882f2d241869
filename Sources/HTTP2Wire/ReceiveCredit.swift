/// Decides when clients get flow-control credit for body bytes.
///
/// Bodies are buffered whole, so a client with many streams could make the server hold much. Above a soft
/// limit only the oldest incomplete body gets credit; the others wait within their own time limits. Above a
/// hard limit the youngest stream is refused.
struct ReceiveCredit: Sendable {
    /// Credit to return, in bytes by stream.
    typealias Grant = [Int32: Int]

    private var held: [Int32: Int] = [:]
    private var total = 0
    private var withheld: Grant = [:]

    /// Limits in bytes for all incomplete bodies but the oldest.
    private let softLimit: Int
    private let hardLimit: Int
    /// Whether the server has little memory for bodies: then only the oldest gets credit.
    var isScarce = false

    init(softLimit: Int = 256 * 1024, hardLimit: Int = 1024 * 1024) {
        self.softLimit = softLimit
        self.hardLimit = hardLimit
    }

    /// Records buffered body bytes. Returns whether the stream gets credit for them at once, which is the
    /// common case; otherwise `takeGrant` decides.
    mutating func record(_ count: Int, of stream: Int32) -> Bool {
        held[stream, default: 0] += count
        total += count
        if total <= limit, withheld.isEmpty { return true }
        withheld[stream, default: 0] += count
        return false
    }

    /// Records that a body is complete or abandoned. Returns the credit this frees for other streams.
    mutating func removeBody(_ stream: Int32) -> Grant {
        withheld[stream] = nil
        guard let count = held.removeValue(forKey: stream) else { return [:] }
        total -= count
        return withheld.isEmpty ? [:] : takeGrant()
    }

    /// Returns withheld credit that may be returned to clients now.
    mutating func takeGrant() -> Grant {
        guard let oldest = held.keys.min() else { return [:] }
        if total - (held[oldest] ?? 0) <= limit {
            defer { withheld = [:] }
            return withheld
        }
        return withheld.removeValue(forKey: oldest).map { [oldest: $0] } ?? [:]
    }

    private var limit: Int { isScarce ? 0 : softLimit }

    /// Returns the credit withheld from a stream whose body is to be discarded.
    func withheld(from stream: Int32) -> Int { withheld[stream] ?? 0 }

    /// The stream to refuse because the hard limit is exceeded.
    var streamToRefuse: Int32? {
        guard total > hardLimit, let oldest = held.keys.min() else { return nil }
        return total - (held[oldest] ?? 0) > hardLimit ? held.keys.max() : nil
    }
}
