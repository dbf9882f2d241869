import GatewayFakes
import VideoJobs

@testable import Gateway

// What must hold of webhooks.
extension Invariants {
    /// Checks that what arrived at a receiver reports an end that is durable.
    func check(_ message: WebhookMessage) throws {
        guard let end = ends[message.id] else {
            throw InvariantError("\(message.id): a webhook of an end that did not happen")
        }
        let text = String(decoding: message.body, as: UTF8.self)
        guard text.hasPrefix(#"{"type":"\#(end.rawValue)","#) else {
            throw InvariantError("\(message.id): a webhook of another end: \(text)")
        }
    }

    /// Checks that each end of a task with a callback was delivered, and recorded as one success.
    ///
    /// - Parameter acceptances: how often the receiver accepted each webhook.
    func checkDeliveries(_ deliveries: [Delivery], acceptances: [String: Int]) throws {
        let stored = deliveries.filter(\.isWebhook)
        guard Set(stored.map(\.id.description)) == Set(ends.keys) else {
            throw InvariantError("\(stored.count) webhooks are stored of \(ends.count) ends")
        }
        for delivery in stored {
            let id = delivery.id.description
            guard delivery.state == .delivered, delivery.next == nil else {
                throw InvariantError("\(id): not delivered but \(delivery.state)")
            }
            let successes = delivery.attempts.count { (200...299).contains($0.status ?? 0) }
            guard successes == 1, delivery.attempts.last?.status == 204, acceptances[id, default: 0] >= 1
            else { throw InvariantError("\(id): \(successes) successes, \(acceptances[id] ?? 0) accepted") }
        }
    }
}
