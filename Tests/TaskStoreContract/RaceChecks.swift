import Gateway
import VideoJobs

extension TaskStoreContract {
    static let raceChecks: [Check] = [
        Check("of 100 simultaneous jobs under one key one is admitted, and the others join it") { store in
            let outcomes = try await together(100) { number in
                try await store.admit(Example.admission(number, claim: Example.claim("k")))
            }
            try expect(outcomes.count { $0.isAdmitted }, is: 1, "jobs admitted")
            let tasks = try await store.tasks(matching: TaskQuery(limit: 100)).tasks
            try expect(tasks.count, is: 1, "tasks stored")
            try expect(outcomes.count { $0 == .replayed(tasks[0]) }, is: 99, "jobs that joined")
        },
        Check("of simultaneous different jobs under one key one is admitted, and the others refused") {
            store in
            let outcomes = try await together(40) { number in
                let claim = Example.claim("k", fingerprint: "\(number)")
                return try await store.admit(Example.admission(number, claim: claim))
            }
            try expect(outcomes.count { $0.isAdmitted }, is: 1, "jobs admitted")
            try expect(outcomes.count { $0 == .keyReused }, is: 39, "jobs refused")
            let stored = try await store.tasks(matching: TaskQuery(limit: 100)).tasks.count
            try expect(stored, is: 1, "tasks stored")
        },
        Check("of simultaneous admissions with one id one is stored, and others beside them are unharmed") {
            store in
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<60 {
                    // Every third uses the id of number 0.
                    let wanted = number % 3 == 0 ? 0 : number
                    group.addTask { (try? await store.admit(Example.admission(wanted)))?.isAdmitted == true }
                }
                return await group.reduce(into: [Bool]()) { $0.append($1) }
            }
            try expect(outcomes.count { $0 }, is: 41, "jobs admitted")
            let stored = try await store.tasks(matching: TaskQuery(limit: 100)).tasks.count
            try expect(stored, is: 41, "tasks stored")
        },
        Check("of many simultaneous changes of one task exactly one wins each version") { store in
            var record = try await store.admitExample(Example.task(1))
            let states: [TaskState] = [.sending, .running, .archiving, .completed]
            for state in states {
                let base = record
                let won = try await together(25) { number in
                    let change = Example.change(of: base, to: state) { $0.attempts = number }
                    return try await store.save(change).isSaved ? number : nil
                }
                let winners = won.compactMap(\.self)
                try expect(winners.count, is: 1, "winners of version \(base.version + 1)")
                record = Example.change(of: base, to: state) { $0.attempts = winners[0] }.record
                try expect(try await store.task(base.id), is: record, "the winner's record")
            }
            let numbers = try await store.events(of: record.id).map(\.number)
            try expect(numbers, is: Array(1...5), "the events' numbers")
        },
        Check("many tasks can change at the same time") { store in
            _ = try await together(150) { number in
                let record = try await store.admitExample(Example.task(number))
                let sending = try await store.saveExample(Example.change(of: record, to: .sending))
                let running = try await store.saveExample(Example.change(of: sending, to: .running))
                try expect(try await store.task(record.id), is: running, "one's own change, read at once")
                return true
            }
            try expect(try await store.claimedTasks(limit: 200).count, is: 150, "open tasks")
        },
    ]

    /// Runs bodies concurrently and returns their results, in no order.
    private static func together<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: Value.self) { group in
            for number in 0..<count { group.addTask { try await body(number) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
