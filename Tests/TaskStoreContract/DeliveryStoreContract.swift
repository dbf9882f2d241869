import Gateway
import VideoJobs

/// The requirements of every store of deliveries, as checks for a parameterised test. Each check needs a new
/// store.
package enum DeliveryStoreContract {
    package typealias Check = StoreCheck

    package static let checks = [
        Check("a delivery is stored with its change, if the task has a callback") { store in
            let first = try await admit(1, callback(), in: store)
            let second = try await admit(2, nil, in: store)
            for record in [first, second] { try await store.saveExample(end(of: record)) }
            let id = DeliveryID.webhook(first.id, version: 2)
            let found = try await store.delivery(id)
            try expect(found?.body, is: Array("ünïcode".utf8), "the body")
            try expect(found?.target, is: .webhook(.cancelled, callback()), "the target")
            try expect(found?.next, is: found?.created, "the first attempt")
            try expect(try await store.deliveries(of: first.id, limit: 9), is: [found], "of the task")
            try expect(try await store.deliveries(of: second.id, limit: 9), is: [], "without callback")
            let pending = try await store.pendingDeliveries(excluding: [], limit: 9)
            try expect(pending.map(\.id), is: [id], "pending")
            try expect(pending.map(\.host), is: ["hooks.example:8443"], "its host")
        },
        Check("a change that loses and a refused admission store nothing") { store in
            let first = try await admit(1, callback(), in: store)
            try await store.saveExample(Example.change(of: first, to: .sending))
            try expect(try await store.save(end(of: first)), is: .outdated, "the late change")
            var again = Example.admission(1)
            again.callback = callback()
            try await expectFailure("the same id again") { () throws(StoreError) in
                _ = try await store.admit(again)
            }
            let pending = try await store.pendingDeliveries(excluding: [], limit: 9)
            try expect(pending, is: [], "pending")
        },
        Check("pending deliveries come in the order of their next attempts, without busy hosts") { store in
            for (number, host) in ["a", "b", "a", "c"].enumerated() {
                let record = try await admit(number, callback("https://\(host)/x"), in: store)
                try await store.saveExample(end(of: record))
                try await change(number, in: store) { $0.next = Example.start + .seconds(10 - number) }
            }
            try await change(3, in: store) { ($0.state, $0.next) = (.delivered, nil) }
            let all = try await store.pendingDeliveries(excluding: [], limit: 9)
            try expect(all.map(\.id), is: [2, 1, 0].map(id), "all")
            let one = try await store.pendingDeliveries(excluding: [], limit: 1)
            try expect(one, is: [all[0]], "a page of one")
            let others = try await store.pendingDeliveries(excluding: ["a", "x"], limit: 9)
            try expect(others, is: [all[1]], "without a busy host")
        },
        Check("a change of a delivery is stored whole, with its audit") { store in
            try await store.saveExample(end(of: try await admit(1, callback(), in: store)))
            var audit = AuditRecord(at: Example.start, actor: "open", .redeliver, .done)
            audit.taskID = Example.id(1)
            let changed = try await store.changeDelivery(id(1), audit: audit) { delivery in
                (delivery.state, delivery.failures, delivery.next) = (.stopped, 7, nil)
                delivery.attempts = [
                    DeliveryAttempt(
                        number: 8, at: Example.start, duration: .milliseconds(3), status: nil,
                        message: "it's \"down\" – ü"),
                    DeliveryAttempt(number: 9, at: Example.start, duration: .zero, status: 410),
                ]
            }
            try expect(try await store.delivery(id(1)), is: changed, "the delivery")
            try expect(changed?.attempts.map(\.number), is: [8, 9], "its attempts")
            let page = try await store.auditPage(matching: AuditQuery())
            try expect(page.entries.map(\.record), is: [audit], "the audit")
            let none = try await store.changeDelivery(id(2), audit: audit) { $0.failures = 1 }
            try expect(none, is: nil, "no delivery")
        },
        Check("a task that ends twice has two deliveries, oldest first") { store in
            let record = try await admit(1, callback(), in: store)
            let first = try await store.saveExample(end(of: record))
            try await store.saveExample(end(of: first))
            let ids = [2, 3].map { DeliveryID.webhook(record.id, version: $0) }
            let both = try await store.deliveries(of: record.id, limit: 9).map(\.id)
            try expect(both, is: ids, "both")
            let last = try await store.deliveries(of: record.id, limit: 1).map(\.id)
            try expect(last, is: [ids[1]], "the last")
        },
    ]

    private static func id(_ number: Int) -> DeliveryID {
        .webhook(Example.id(number), version: 2)
    }

    private static func callback(_ url: String = "https://Hooks.example:8443/a?b=c%20ü") -> TaskCallback {
        TaskCallback(url: url, trace: "00-1-2-01")
    }

    private static func admit(
        _ number: Int, _ callback: TaskCallback?, in store: any GatewayStore
    ) async throws -> TaskRecord {
        var admission = Example.admission(number)
        admission.callback = callback
        _ = try await store.admit(admission)
        return admission.record
    }

    private static func end(of record: TaskRecord) -> TaskChange {
        var change = Example.change(of: record, to: .cancelled)
        change.delivery = NewDelivery(type: .cancelled) { Array("ünïcode".utf8) }
        return change
    }

    private static func change(
        _ number: Int, in store: any GatewayStore, _ change: @escaping @Sendable (inout Delivery) -> Void
    ) async throws {
        let changed = try await store.changeDelivery(id(number), audit: nil, change)
        try expect(changed != nil, is: true, "a delivery")
    }
}
