import Gateway
import VideoJobs

extension TaskStoreContract {
    static let saveChecks: [Check] = [
        Check("a change on the version and state it was decided on is stored with its event") { store in
            let first = try await store.admitExample(Example.task(1))
            let change = Example.change(of: first, to: .sending) { $0.attempts = 1 }
            try await store.saveExample(change)
            try expect(try await store.task(first.id), is: change.record, "the record")
            try expect(try await store.events(of: first.id).last, is: change.event, "the last event")
        },
        Check("a change on an older version loses and changes nothing") { store in
            let first = try await store.admitExample(Example.task(1))
            let winner = try await store.saveExample(Example.change(of: first, to: .sending))
            let late = Example.change(of: first, to: .cancelled)
            try expect(try await store.save(late), is: .outdated, "the late change")
            try await expectUntouched(winner, events: 2, in: store)
        },
        Check("a change on the right version but another state loses and changes nothing") { store in
            let first = try await store.admitExample(Example.task(1))
            var wrong = Example.change(of: first, to: .archiving)
            wrong.before.state = .running
            try expect(try await store.save(wrong), is: .outdated, "the change")
            try await expectUntouched(first, events: 1, in: store)
        },
        Check("a change that skips a version loses") { store in
            let first = try await store.admitExample(Example.task(1))
            var skipping = Example.change(of: first, to: .sending)
            skipping.record.version += 1
            skipping.event.number += 1
            try expect(try await store.save(skipping), is: .outdated, "the change")
            try await expectUntouched(first, events: 1, in: store)
        },
        Check("a change of an unknown task loses") { store in
            let change = Example.change(of: Example.task(1), to: .sending)
            try expect(try await store.save(change), is: .outdated, "the change")
            try expect(try await store.task(Example.id(1)), is: nil, "the task")
            try expect(try await store.events(of: Example.id(1)), is: [], "the history")
        },
        Check("every field comes back, whether set or not") { store in
            let bare = try await store.admitExample(
                TaskRecord(
                    id: Example.id(1), job: VideoJob(model: "m", payload: []), client: "c",
                    created: Example.start))
            try expect(try await store.task(bare.id), is: bare, "the bare record")
            let full = Example.full(bare)
            let event = TaskEventRecord(number: 2, at: full.updated, name: "archived")
            try await store.saveExample(TaskChange(from: bare, to: full, event: event))
            try expect(try await store.task(bare.id), is: full, "the full record")
            var bareAgain = bare
            bareAgain.version = 3
            let last = TaskEventRecord(number: 3, at: bare.updated, name: "emptied", detail: "")
            try await store.saveExample(TaskChange(from: full, to: bareAgain, event: last))
            try expect(try await store.task(bare.id), is: bareAgain, "the emptied record")
            try expect(try await store.events(of: bare.id).suffix(2), is: [event, last], "the history's end")
        },
        Check("every field can change alone, and back, and leaves the others as they are") { store in
            var record = try await store.admitExample(Example.task(1))
            let full = Example.full(record), bare = record
            for source in [full, bare] {
                for (name, copy) in Example.fields {
                    let change = Example.change(of: record, to: record.state) { copy(source, &$0) }
                    record = try await store.saveExample(change)
                    try expect(try await store.task(record.id), is: record, "the record after \(name)")
                }
            }
        },
        Check("a full record can be admitted as it is") { store in
            var full = Example.full(Example.task(1))
            full.version = 1
            try await store.admitExample(full)
            try expect(try await store.task(full.id), is: full, "the record")
        },
        Check("events are in order and numbered from 1") { store in
            var record = try await store.admitExample(Example.task(1))
            try await store.admitExample(Example.task(2))
            for state in [TaskState.sending, .queued, .sending, .running, .running, .archiving, .completed] {
                record = try await store.saveExample(Example.change(of: record, to: state))
            }
            let numbers = try await store.events(of: record.id).map(\.number)
            try expect(numbers, is: Array(1...8), "the events' numbers")
            try expect(try await store.events(of: Example.id(2)).count, is: 1, "another task's history")
        },
    ]

    private static func expectUntouched(
        _ record: TaskRecord, events: Int, in store: any TaskStore
    ) async throws {
        try expect(try await store.task(record.id), is: record, "the record, which must be untouched")
        let found = try await store.events(of: record.id).count
        try expect(found, is: events, "the number of events, which must be untouched")
    }
}
