import Gateway
import VideoJobs

/// Callbacks and deliveries of a `MemoryTaskStore`.
struct MemoryDeliveries: Sendable {
    private var callbacks: [TaskID: TaskCallback] = [:]
    private var deliveries: [DeliveryID: Delivery] = [:]

    mutating func insert(_ callback: TaskCallback?, of id: TaskID) { callbacks[id] = callback }

    /// Stores the delivery of a change, if there is one and its task has a callback.
    mutating func insert(_ change: TaskChange) {
        let record = change.record
        guard let new = change.delivery, let callback = callbacks[record.id] else { return }
        let id = DeliveryID(taskID: record.id, version: record.version)
        deliveries[id] = Delivery(
            id: id, type: new.type, callback: callback, created: change.event.at, body: new.body())
    }

    func pending(excluding hosts: Set<String>, limit: Int) -> [PendingDelivery] {
        let pending = deliveries.values.compactMap { delivery in
            delivery.next.map {
                PendingDelivery(id: delivery.id, host: delivery.callback.host, next: $0)
            }
        }
        return Array(
            pending.filter { !hosts.contains($0.host) }
                .sorted { ($0.next, $0.id.description) < ($1.next, $1.id.description) }.prefix(limit))
    }

    subscript(id: DeliveryID) -> Delivery? { deliveries[id] }

    func last(_ limit: Int, of task: TaskID) -> [Delivery] {
        deliveries.values.filter { $0.id.taskID == task }.sorted { $0.id.version < $1.id.version }
            .suffix(limit)
    }

    /// Returns the changed delivery; `nil` if there is none.
    mutating func change(_ id: DeliveryID, _ change: (inout Delivery) -> Void) -> Delivery? {
        guard var delivery = deliveries[id] else { return nil }
        change(&delivery)
        deliveries[id] = delivery
        return delivery
    }
}
