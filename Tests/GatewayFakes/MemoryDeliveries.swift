import Gateway
import VideoJobs

/// Callbacks, webhooks and notices of a `MemoryTaskStore`.
struct MemoryDeliveries: Sendable {
    private var callbacks: [TaskID: TaskCallback] = [:]
    private var deliveries: [DeliveryID: Delivery] = [:]
    /// The tasks that notices are about, by their numbers.
    private var subjects: [Int64: TaskID] = [:]
    private var numbers: Int64 = 0
    private(set) var marks: [String: NoticeMark] = [:]

    mutating func insert(_ callback: TaskCallback?, of id: TaskID) { callbacks[id] = callback }

    /// Stores the notices of a change, and its webhook if its task has a callback.
    mutating func insert(_ change: TaskChange) {
        let record = change.record
        insert(change.notices, of: record.id, at: change.event.at)
        guard let new = change.delivery, let callback = callbacks[record.id] else { return }
        let id = DeliveryID.webhook(record.id, version: record.version)
        deliveries[id] = Delivery(
            id: id, .webhook(new.type, callback), created: change.event.at, body: new.body())
    }

    /// Stores notices that are about no task, and their mark.
    mutating func insert(_ notices: [NewNotice], _ mark: NoticeMark, at now: Timestamp) {
        insert(notices, of: nil, at: now)
        marks[mark.subject] = mark
    }

    mutating func removeMark(of subject: String) { marks[subject] = nil }

    private mutating func insert(_ notices: [NewNotice], of task: TaskID?, at now: Timestamp) {
        for notice in notices {
            numbers += 1
            let number = numbers
            subjects[number] = task
            deliveries[.notice(number)] = Delivery(
                id: .notice(number), .notice(notice.target), created: now, body: notice.body)
        }
    }

    func pending(excluding hosts: Set<String>, limit: Int) -> [PendingDelivery] {
        let pending = deliveries.values.compactMap { delivery in
            delivery.next.map {
                PendingDelivery(id: delivery.id, host: delivery.target.host, next: $0)
            }
        }
        return Array(
            pending.filter { !hosts.contains($0.host) }
                .sorted { ($0.next, $0.id.description) < ($1.next, $1.id.description) }.prefix(limit))
    }

    var all: [Delivery] { Array(deliveries.values) }

    func hasCallback(_ id: TaskID) -> Bool { callbacks[id] != nil }

    subscript(id: DeliveryID) -> Delivery? { deliveries[id] }

    func last(_ limit: Int, of task: TaskID) -> [Delivery] {
        let all = deliveries.values.filter { self.task(of: $0.id) == task }.sorted {
            ($0.created, number(of: $0.id)) < ($1.created, number(of: $1.id))
        }
        let shown = all.filter(\.isWebhook).suffix(limit) + all.filter { !$0.isWebhook }.suffix(limit)
        return all.filter { delivery in shown.contains { $0.id == delivery.id } }
    }

    private func task(of id: DeliveryID) -> TaskID? {
        switch id {
        case .webhook(let task, _): task
        case .notice(let number): subjects[number]
        }
    }

    /// What orders the deliveries of one time: webhooks first, by their versions.
    private func number(of id: DeliveryID) -> Int64 {
        switch id {
        case .webhook(_, let version): Int64(version) - 1_000_000
        case .notice(let number): number
        }
    }

    /// Returns the changed delivery; `nil` if there is none.
    mutating func change(_ id: DeliveryID, _ change: (inout Delivery) -> Void) -> Delivery? {
        guard var delivery = deliveries[id] else { return nil }
        change(&delivery)
        deliveries[id] = delivery
        return delivery
    }
}
