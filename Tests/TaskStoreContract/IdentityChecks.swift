import Gateway
import VideoJobs

/// The identity of a store: its id, the sequence of its last commit, and the pause after a restoration.
extension TaskStoreContract {
    static let identityChecks = [
        Check("a new store has an id and neither a pause nor an archive") { store in
            let identity = try await store.identity()
            try expect(identity.id.isEmpty, is: false, "the id is empty")
            try expect(identity.restoration, is: nil, "restoration")
            try expect(identity.archiveID, is: nil, "archive")
            try expect(store.sequence, is: identity.sequence, "sequence without a call on the disk")
        },
        Check("every change of a task raises the sequence, a lost change does not") { store in
            var last = store.sequence
            func expectRise(_ what: String) async throws {
                try expect(store.sequence > last, is: true, what)
                last = store.sequence
                try expect(try await store.identity().sequence, is: last, "\(what), read again")
            }
            let record = try await store.admitExample(Example.task(1))
            try await expectRise("an admission")
            let change = Example.change(of: record, to: .cancelled)
            _ = try await store.save(change)
            try await expectRise("a change")
            _ = try await store.save(change)
            try await store.check()
            _ = try await store.tasks(matching: TaskQuery())
            try expect(store.sequence, is: last, "after a lost race, a check and a reading")
        },
        Check("the time of a reset of the day's spend ceiling is kept") { store in
            try expect(try await store.identity().spendResumed, is: nil, "before")
            try await store.setSpendResumed(at: Example.start, audit: nil)
            try expect(try await store.identity().spendResumed, is: Example.start, "after")
        },
        Check("a restoration is recorded and ended, and raises the sequence, never lowers it") { store in
            let id = try await store.identity().id
            try await store.setRestoration(.detected, raisingSequenceTo: 5_000)
            try expect(try await store.identity().restoration, is: .detected, "noted")
            try expect(store.sequence >= 5_000, is: true, "raised")
            let raised = store.sequence
            try await store.setRestoration(.paused, raisingSequenceTo: 0)
            try expect(try await store.identity().restoration, is: .paused, "paused")
            try await store.setRestoration(nil, raisingSequenceTo: 0)
            try expect(try await store.identity().restoration, is: nil, "ended")
            try expect(store.sequence >= raised, is: true, "not lowered")
            try expect(try await store.identity().id, is: id, "the id")
        },
        Check("the id of the store's archive is recorded") { store in
            try await store.setArchiveID("0123")
            try expect(try await store.identity().archiveID, is: "0123", "archive")
        },
    ]
}
