import Gateway
import VideoJobs

/// Messages that are stored with a change of a task, or not at all.
extension TaskStoreContract {
    static let outboxChecks = [
        Check("outbox messages are stored with an admission and a change") { store in
            var admission = Example.admission(1)
            admission.outbox = [message("delivery", "a"), message("spend", "b")]
            _ = try await store.admit(admission)
            var change = Example.change(of: admission.record, to: .sending)
            change.outbox = [message("delivery", "c")]
            try await store.saveExample(change)
            let rows = try await store.outbox(kind: "delivery", after: 0, limit: 10)
            try expect(rows.map(\.message), is: [message("delivery", "a"), change.outbox[0]], "messages")
            try expect(rows.map(\.taskID), is: [Example.id(1), Example.id(1)], "tasks")
            try expect(rows.map(\.created), is: [admission.record.created, change.event.at], "times")
            let rest = try await store.outbox(kind: "delivery", after: rows[0].id, limit: 10)
            try expect(rest, is: [rows[1]], "after the first")
            let one = try await store.outbox(kind: "delivery", after: 0, limit: 1)
            try expect(one, is: [rows[0]], "a page of one")
            let spend = try await store.outbox(kind: "spend", after: 0, limit: 10).map(\.message)
            try expect(spend, is: [message("spend", "b")], "the other kind")
        },
        Check("a change that loses stores no outbox message") { store in
            let first = try await store.admitExample(Example.task(1))
            try await store.saveExample(Example.change(of: first, to: .sending))
            var late = Example.change(of: first, to: .cancelled)
            late.outbox = [message("delivery", "late")]
            try expect(try await store.save(late), is: .outdated, "the late change")
            try await expectEmpty(store)
        },
        Check("a replayed and a refused admission store no outbox message") { store in
            let claim = Example.claim("k")
            _ = try await store.admit(Example.admission(1, claim: claim))
            for fingerprint in ["aa", "bb"] {
                var again = Example.admission(2, claim: Example.claim("k", fingerprint: fingerprint))
                again.outbox = [message("delivery", "again")]
                _ = try await store.admit(again)
            }
            try await expectEmpty(store)
        },
        Check("messages beyond the limits fail their change, and nothing of it is stored") { store in
            let first = try await store.admitExample(Example.task(1))
            let large = OutboxMessage(
                kind: "delivery", payload: Array(repeating: 0, count: OutboxMessage.payloadBytesMax + 1))
            let many = Array(repeating: message("delivery", "x"), count: OutboxMessage.perChangeMax + 1)
            for outbox in [[large], many, [message("", "x")], [message("a b", "x")]] {
                var change = Example.change(of: first, to: .sending)
                change.outbox = outbox
                try await expectFailure("a change beyond the limits") { () throws(StoreError) in
                    _ = try await store.save(change)
                }
            }
            try expect(try await store.task(first.id), is: first, "the task")
            try await expectEmpty(store)
        },
        Check("removed rows are gone, and their ids are not used again") { store in
            var last = Example.admission(1).record
            var change = TaskChange(from: last, to: last, event: .admitted(last))
            try await store.admitExample(last)
            var ids: [Int64] = []
            for text in ["a", "b", "c"] {
                change = Example.change(of: last, to: .running)
                change.outbox = [message("delivery", text)]
                last = try await store.saveExample(change)
                let rows = try await store.outbox(kind: "delivery", after: 0, limit: 10)
                try expect(rows.map(\.message), is: change.outbox, "the rows")
                ids += rows.map(\.id)
                try await store.removeFromOutbox(rows.map(\.id) + [987_654_321])
                try await expectEmpty(store)
            }
            try expect(ids, is: Array(Set(ids)).sorted(), "growing ids")
        },
    ]

    private static func message(_ kind: String, _ text: String) -> OutboxMessage {
        OutboxMessage(kind: kind, payload: Array(text.utf8))
    }

    private static func expectEmpty(_ store: any TaskStore) async throws {
        try expect(try await store.outbox(kind: "delivery", after: 0, limit: 10), is: [], "the outbox")
    }
}
