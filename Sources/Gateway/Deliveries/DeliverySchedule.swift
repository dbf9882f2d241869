/// When the attempts of a webhook follow each other. Pure: jitter is an argument.
struct DeliverySchedule: Equatable, Sendable {
    /// The delays after the first failed attempt, the second one, and so on. The first attempt has none.
    var delays: [Duration]
    /// The most that jitter adds to a delay, as a fraction of it.
    var spread: Double
    /// The longest `Retry-After` that is obeyed.
    var retryAfterMax: Duration

    static let standard = DeliverySchedule(
        delays: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map { .seconds($0) },
        spread: 0.1, retryAfterMax: .seconds(86_400))

    /// Longer than every delay: what is due later than that was scheduled before the clock was set back.
    var longest: Duration { retryAfterMax * (1 + spread) }

    /// Returns the delay after so many failed attempts; `nil` if no attempt follows.
    ///
    /// - Parameters:
    ///   - retryAfter: The delay that the receiver asks for; the longer of both counts.
    ///   - jitter: A fraction in 0..<1. It only adds, so that no attempt is early.
    func delay(after failures: Int, retryAfter: Duration?, jitter: Double) -> Duration? {
        guard failures >= 1, failures <= delays.count else { return nil }
        let delay = max(delays[failures - 1], min(retryAfter ?? .zero, retryAfterMax))
        return delay + delay * (spread * jitter)
    }
}
