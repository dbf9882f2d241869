import Gateway
import VideoJobs

/// The requirements of every store of the audit, as checks for a parameterised test. Each check needs a new
/// store.
package enum AuditStoreContract {
    package typealias Check = StoreCheck

    package static let checks = [
        Check("records are stored with the changes that they record") { store in
            var admission = Example.admission(1)
            admission.audit = record(1, .submit, .admitted, of: Example.id(1))
            _ = try await store.admit(admission)
            var change = Example.change(of: admission.record, to: .cancelled)
            change.audit = record(2, .cancel, of: Example.id(1))
            try await store.saveExample(change)
            _ = try await store.changeClient("studio") { _ in
                ClientChange(
                    Client(name: "studio", created: Example.start), audit: record(3, .clientAdd))
            }
            try await store.setRestoration(nil, raisingSequenceTo: 0, audit: record(4, .resume))
            try await store.append(full)
            let expected = [
                full, record(4, .resume), record(3, .clientAdd), record(2, .cancel, of: Example.id(1)),
                record(1, .submit, .admitted, of: Example.id(1)),
            ]
            let page = try await store.auditPage(matching: AuditQuery())
            try expect(page.entries.map(\.record), is: expected, "the audit")
            try expect(page.next, is: nil, "the next page")
        },
        Check("what changes nothing is not recorded") { store in
            let claim = Example.claim("k")
            let first = try await store.admitExample(Example.task(9))
            for (number, fingerprint) in [(1, "aa"), (2, "aa"), (3, "bb")] {
                var admission = Example.admission(
                    number, claim: Example.claim(claim.key, fingerprint: fingerprint))
                admission.audit = record(number, .submit, .admitted, of: Example.id(number))
                _ = try await store.admit(admission)
            }
            try await store.saveExample(Example.change(of: first, to: .sending))
            var late = Example.change(of: first, to: .cancelled)
            late.audit = record(4, .cancel, of: first.id)
            try expect(try await store.save(late), is: .outdated, "the late change")
            _ = try await store.changeClient("studio") { _ throws(ClientError) in
                throw .notFound("studio")
            }
            let found = try await store.auditPage(matching: AuditQuery()).entries.map(\.record.taskID)
            try expect(found, is: [Example.id(1)], "the audit")
        },
        Check("a page continues where the page before it ended") { store in
            for number in 1...7 { try await store.append(record(number, .clientSet)) }
            var query = AuditQuery(limit: 3)
            var found: [AuditPage.Entry] = []
            for length in [3, 3, 1] {
                let page = try await store.auditPage(matching: query)
                try expect(page.entries.count, is: length, "the length of a page")
                found += page.entries
                query.before = page.next
            }
            try expect(query.before, is: nil, "the end")
            try expect(found.map(\.record.at), is: (1...7).reversed().map { time($0) }, "the order")
            let sequences = found.map(\.sequence)
            try expect(sequences, is: Array(Set(sequences)).sorted(by: >), "falling sequences")
        },
        Check("records are found by time and by client, as its actor or its owner") { store in
            for number in 1...6 {
                var record = record(number, .clientSet)
                record.actor = number % 2 == 0 ? "studio" : "desk"
                record.client = number == 5 ? "studio" : "lab"
                try await store.append(record)
            }
            var query = AuditQuery()
            query.client = "studio"
            try expect(try await times(query, in: store), is: [6, 5, 4, 2].map { time($0) }, "by client")
            query.since = time(4)
            try expect(try await times(query, in: store), is: [6, 5, 4].map { time($0) }, "and by time")
            query.client = nil
            query.since = time(7)
            try expect(try await times(query, in: store), is: [], "since a later time")
        },
    ]

    private static func time(_ number: Int) -> Timestamp { Example.start + .seconds(number) }

    private static func record(
        _ number: Int, _ action: AuditAction, _ decision: AuditDecision = .done, of task: TaskID? = nil
    ) -> AuditRecord {
        var record = AuditRecord(
            at: time(number), actor: "studio", requestID: "req-\(number)", action, decision)
        record.client = "studio"
        record.taskID = task
        return record
    }

    /// A record in which every member has a value, but for the task.
    private static var full: AuditRecord {
        var record = AuditRecord(
            at: time(9), actor: "certificate:ünïcode \"x\"", .submit, .refused("budget_exhausted"))
        record.client = "open"
        record.price = 960_000
        record.detail = "model 'm';\nline 2"
        record.prompt = "a woman walking 🎬"
        return record
    }

    private static func times(
        _ query: AuditQuery, in store: any GatewayStore
    ) async throws -> [Timestamp] {
        try await store.auditPage(matching: query).entries.map(\.record.at)
    }
}
