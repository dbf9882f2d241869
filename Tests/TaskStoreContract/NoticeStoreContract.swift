import Gateway
import VideoJobs

/// The requirements of every store of notices, as checks for a parameterised test. Each check needs a new
/// store.
package enum NoticeStoreContract {
    package typealias Check = StoreCheck

    package static let checks = [
        Check("notices are stored with their change, each for its receiver, after its webhook") { store in
            let record = try await admit(1, callback: "https://hooks.example/a", in: store)
            var change = end(of: record, [notice("a.url"), notice("b.url", title: nil)])
            change.delivery = NewDelivery(type: .cancelled) { [] }
            try await store.saveExample(change)
            let found = try await store.deliveries(of: record.id, limit: 9)
            try expect(found.map(\.isWebhook), is: [true, false, false], "the kinds")
            let targets = found.dropFirst().map(\.target)
            try expect(
                targets, is: [.notice(notice("a.url").target), .notice(notice("b.url", title: nil).target)],
                "the receivers")
            try expect(found.last?.body, is: Array("ünïcode".utf8), "the body")
            try expect(found.last?.next, is: change.event.at, "the first attempt")
            let last = try await store.deliveries(of: record.id, limit: 1)
            try expect(last, is: [found[0], found[2]], "the last of each kind")
            for delivery in found {
                try expect(try await store.delivery(delivery.id), is: delivery, "one")
            }
        },
        Check("pending notices come with webhooks, and a busy receiver is left out") { store in
            let first = try await admit(1, callback: "https://hooks.example/a", in: store)
            var change = end(of: first, [notice("a.url"), notice("b.url")])
            change.delivery = NewDelivery(type: .cancelled) { [] }
            try await store.saveExample(change)
            let all = try await store.pendingDeliveries(excluding: [], limit: 9)
            try expect(
                Set(all.map(\.host)), is: ["hooks.example", "notify a.url", "notify b.url"], "the hosts")
            try expect(all.count, is: 3, "all")
            let others = try await store.pendingDeliveries(
                excluding: ["notify a.url", "hooks.example"], limit: 9)
            try expect(others.map(\.host), is: ["notify b.url"], "without busy ones")
            let few = try await store.pendingDeliveries(excluding: [], limit: 2)
            try expect(few.count, is: 2, "a page of two")
        },
        Check("a change of a notice is stored whole") { store in
            let record = try await admit(1, in: store)
            try await store.saveExample(end(of: record, [notice("a.url"), notice("b.url")]))
            let both = try await store.deliveries(of: record.id, limit: 9)
            let changed = try await store.changeDelivery(both[0].id, audit: nil) { delivery in
                (delivery.state, delivery.failures, delivery.next) = (.failed, 3, nil)
                delivery.attempts = [
                    DeliveryAttempt(number: 1, at: Example.start, duration: .zero, status: 429)
                ]
            }
            try expect(changed?.attempts.map(\.status), is: [429], "its attempts")
            let after = try await store.deliveries(of: record.id, limit: 9)
            try expect(after, is: [changed, both[1]].compactMap(\.self), "both")
            let pending = try await store.pendingDeliveries(excluding: [], limit: 9)
            try expect(pending.map(\.id), is: [both[1].id], "pending")
            let none = try await store.changeDelivery(.notice(99), audit: nil) { $0.failures = 1 }
            try expect(none, is: nil, "no notice")
        },
        Check("a change that loses stores no notice") { store in
            let record = try await admit(1, in: store)
            try await store.saveExample(Example.change(of: record, to: .sending))
            let late = end(of: record, [notice("a.url")])
            try expect(try await store.save(late), is: .outdated, "the late change")
            try expect(try await store.deliveries(of: record.id, limit: 9), is: [], "its notices")
        },
    ]

    private static func notice(_ receiver: String, title: String? = "Video cancelled") -> NewNotice {
        let target = NoticeTarget(
            event: .failed, receiver: receiver, template: "templates/ü.json", mediaType: "application/json",
            title: title)
        return NewNotice(target, body: Array("ünïcode".utf8))
    }

    private static func admit(
        _ number: Int, callback: String? = nil, in store: any GatewayStore
    ) async throws -> TaskRecord {
        var admission = Example.admission(number)
        admission.callback = callback.map { TaskCallback(url: $0) }
        _ = try await store.admit(admission)
        return admission.record
    }

    private static func end(of record: TaskRecord, _ notices: [NewNotice]) -> TaskChange {
        var change = Example.change(of: record, to: .cancelled)
        change.notices = notices
        return change
    }
}
