package import VideoJobs

/// A webhook or a notice on its way: stored with the change that caused it.
package struct Delivery: Equatable, Sendable {
    /// The attempts that are kept; older ones are forgotten.
    package static let attemptsMax = 50

    package let id: DeliveryID
    package let target: DeliveryTarget
    package let created: Timestamp
    /// The bytes that are sent, and of a webhook signed.
    package let body: [UInt8]
    package var state = DeliveryState.pending
    /// Failed attempts since it was created or ordered again.
    package var failures = 0
    /// When the next attempt is due; `nil` unless it is pending.
    package var next: Timestamp?
    /// The last attempts, oldest first.
    package var attempts: [DeliveryAttempt] = []

    /// Creates a delivery that is due at once.
    package init(id: DeliveryID, _ target: DeliveryTarget, created: Timestamp, body: [UInt8]) {
        self.id = id
        self.target = target
        self.created = created
        self.body = body
        next = created
    }
}

extension Delivery {
    /// Whether it is a webhook, and no notice.
    package var isWebhook: Bool {
        switch target {
        case .webhook: true
        case .notice: false
        }
    }

    /// Orders all attempts of the schedule anew, the first one at once.
    mutating func order(at now: Timestamp) {
        state = .pending
        failures = 0
        next = now
    }

    /// Records an attempt and decides what follows.
    ///
    /// - Parameters:
    ///   - begun: The delivery when the attempt began. If it was ordered again meanwhile, the attempt is
    ///     recorded and the new order stands.
    ///   - jitter: A fraction in 0..<1.
    mutating func record(
        _ reply: WebhookReply, to begun: Delivery, in period: (start: Timestamp, duration: Duration),
        jitter: Double
    ) {
        // A store may have it already although it had reported an error.
        guard attempts.last?.number == begun.attempts.last?.number else { return }
        let number = (attempts.last?.number ?? 0) + 1
        attempts.append(
            DeliveryAttempt(
                number: number, at: period.start, duration: period.duration, status: reply.status,
                message: reply.message))
        attempts.removeFirst(max(0, attempts.count - Self.attemptsMax))
        guard state == .pending, next == begun.next, failures == begun.failures else { return }
        next = nil
        switch reply.verdict {
        case .accepted: state = .delivered
        case .stop: state = .stopped
        case .retry:
            failures += 1
            let delay = DeliverySchedule.standard.delay(
                after: failures, retryAfter: reply.retryAfter, jitter: jitter)
            next = delay.map { period.start + period.duration + $0 }
            if next == nil { state = .failed }
        }
    }
}
