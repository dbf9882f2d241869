import Gateway
import VideoJobs

/// The global sequence of events, with snapshots.
extension TaskStoreContract {
    static let feedChecks = [
        Check("events of all tasks come in one growing sequence, in bounded pages") { store in
            var expected: [String] = []
            for number in 0..<3 {
                try await store.admitExample(Example.task(number))
                expected.append("\(Example.id(number)) 1")
            }
            for number in [2, 0, 1] {
                try await store.saveExample(Example.change(of: Example.task(number), to: .sending))
                expected.append("\(Example.id(number)) 2")
            }
            for limit in [1, 4, 100] {
                let all = try await allEvents(of: store, limit: limit)
                try expect(all.map { "\($0.taskID) \($0.event.number)" }, is: expected, "pages of \(limit)")
                let isGrowing = zip(all, all.dropFirst()).allSatisfy { $0.sequence < $1.sequence }
                try expect(isGrowing, is: true, "growing")
            }
            let last = try await allEvents(of: store, limit: 100).last?.sequence ?? 0
            try expect(try await store.events(after: last, limit: 10), is: [], "after the last")
        },
        Check("events of one task come in bounded pages after a number, and the newest event is known") {
            store in
            try expect(try await store.lastEventSequence(), is: 0, "the newest event of an empty store")
            for number in 0..<2 {
                try await store.admitExample(Example.task(number))
                try await store.saveExample(Example.change(of: Example.task(number), to: .sending))
            }
            let all = try await allEvents(of: store, limit: 100)
            let own = all.filter { $0.taskID == Example.task(1).id }
            try expect(own.map(\.event.number), is: [1, 2], "numbers")
            for after in 0...2 {
                let page = try await store.events(of: Example.task(1).id, after: after, limit: 100)
                try expect(page, is: Array(own.dropFirst(after)), "after \(after)")
            }
            let page = try await store.events(of: Example.task(1).id, after: 0, limit: 1)
            try expect(page, is: Array(own.prefix(1)), "a page of one")
            try expect(try await store.lastEventSequence(), is: all.last?.sequence ?? 0, "the newest event")
        },
        Check("an event has a snapshot of its task right after it, with what clients see") { store in
            let first = try await store.admitExample(Example.task(1))
            let full = Example.full(first)
            let event = TaskEventRecord(number: 2, at: full.updated, name: "archived", detail: "x")
            try await store.saveExample(TaskChange(from: first, to: full, event: event))
            var bare = first
            bare.version = 3
            let last = TaskEventRecord(number: 3, at: bare.updated, name: "emptied")
            try await store.saveExample(TaskChange(from: full, to: bare, event: last))
            let all = try await allEvents(of: store, limit: 100)
            try expect(all.map(\.event), is: [.admitted(first), event, last], "events")
            let snapshots = [first, full.snapshot(after: event), bare]
            try expect(all.map(\.snapshot), is: snapshots, "snapshots")
            try expect(all[1].snapshot?.links, is: [], "links in a snapshot")
        },
        Check("events of one admission share its snapshot: the last one has it") { store in
            let change = Example.change(of: Example.task(1), to: .sending) { $0.attempts = 1 }
            let events = [TaskEventRecord.admitted(Example.task(1)), change.event]
            let admission = NewTask(record: change.record, payload: Example.payload, events: events)
            let outcome = try await store.admit(admission)
            let all = try await allEvents(of: store, limit: 100)
            try expect(outcome, is: .admitted(sequence: all.last?.sequence ?? 0), "admission")
            try expect(all.map(\.event), is: events, "events")
            try expect(all.map(\.snapshot), is: [nil, change.record], "snapshots")
        },
        Check("a change that loses appends no event") { store in
            let first = try await store.admitExample(Example.task(1))
            try await store.saveExample(Example.change(of: first, to: .sending))
            _ = try await store.save(Example.change(of: first, to: .cancelled))
            let all = try await allEvents(of: store, limit: 100)
            try expect(all.map(\.event.number), is: [1, 2], "events")
        },
        Check("a restored store uses no event number that the lost transactions may have used") { store in
            try await store.admitExample(Example.task(1))
            let before = try await allEvents(of: store, limit: 100).last?.sequence ?? 0
            try await store.setRestoration(.detected, raisingSequenceTo: store.sequence + 7)
            try await store.admitExample(Example.task(2))
            let after = try await allEvents(of: store, limit: 100).last?.sequence ?? 0
            try expect(after > before + 7, is: true, "\(after) after \(before)")
        },
    ]

    static func allEvents(of store: any TaskStore, limit: Int) async throws -> [SequencedTaskEvent] {
        var found: [SequencedTaskEvent] = []
        while true {
            let page = try await store.events(after: found.last?.sequence ?? 0, limit: limit)
            try expect(page.count <= limit, is: true, "a page within its limit")
            if page.isEmpty { return found }
            found += page
        }
    }
}
