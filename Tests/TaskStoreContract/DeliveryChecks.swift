import Gateway
import Synchronization
import VideoJobs

/// Delivery of durable changes to the one receiver.
extension TaskStoreContract {
    static let deliveryChecks = [
        Check("an admission and a change return the sequence of their events") { store in
            let sending = Example.change(of: Example.task(1), to: .sending)
            let events = [TaskEventRecord.admitted(Example.task(1)), sending.event]
            let admission = NewTask(record: sending.record, payload: Example.payload, events: events)
            let admitted = try await store.admit(admission)
            let saved = try await store.save(Example.change(of: sending.record, to: .running))
            let sequences = try await allEvents(of: store, limit: 100).map(\.sequence)
            try expect(sequences.count, is: 3, "events")
            try expect(admitted, is: .admitted(sequence: sequences[1]), "admission")
            try expect(saved, is: .saved(sequence: sequences[2]), "change")
        },
        Check("a change is delivered before the call that made it returns, with what it replaced") { store in
            let receiver = ChangeReceiver(of: store)
            let first = try await store.admitExample(Example.task(1))
            let admission = receiver.take()
            let change = Example.change(of: first, to: .sending)
            try await store.saveExample(change)
            let saved = receiver.take()
            let sequences = try await allEvents(of: store, limit: 100).map(\.sequence)
            try expect(sequences.count, is: 2, "events")
            try expect(admission, is: [CommittedChange(sequence: sequences[0], record: first)], "admission")
            let expected = CommittedChange(sequence: sequences[1], record: change.record, before: first)
            try expect(saved, is: [expected], "change")
        },
        Check("what is not stored is not delivered") { store in
            let first = try await store.admitExample(Example.task(1))
            try await store.saveExample(Example.change(of: first, to: .sending))
            let receiver = ChangeReceiver(of: store)
            _ = try await store.save(Example.change(of: first, to: .cancelled))
            _ = try? await store.admit(NewTask(record: first, payload: Example.payload))
            try expect(receiver.take(), is: [], "changes")
        },
        Check("simultaneous changes are delivered in the order of the sequence, each once") { store in
            let receiver = ChangeReceiver(of: store)
            await withDiscardingTaskGroup { group in
                for number in 0..<120 {
                    // Every fourth uses an id that is taken.
                    let record = Example.task(number % 4 == 3 ? number - 1 : number)
                    group.addTask {
                        let task = NewTask(record: record, payload: Example.payload)
                        guard (try? await store.admit(task))?.isAdmitted == true else { return }
                        _ = try? await store.save(Example.change(of: record, to: .sending))
                    }
                }
            }
            let events = try await allEvents(of: store, limit: 1000)
            let delivered = receiver.take()
            try expect(delivered.map(\.sequence), is: events.map(\.sequence), "sequences")
            try expect(delivered.map(\.record), is: events.compactMap(\.snapshot), "records")
        },
    ]
}

/// Receives the changes of a store.
private final class ChangeReceiver: Sendable {
    private let changes = Mutex<[CommittedChange]>([])

    init(of store: any TaskStore) {
        store.deliverChanges { [weak self] new in self?.changes.withLock { $0 += new } }
    }

    /// Removes and returns the changes so far.
    func take() -> [CommittedChange] {
        changes.withLock { changes in
            defer { changes = [] }
            return changes
        }
    }
}
