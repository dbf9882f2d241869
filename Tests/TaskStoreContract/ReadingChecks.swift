import Gateway
import VideoJobs

extension TaskStoreContract {
    static let readingChecks: [Check] = [
        Check("an unknown task is nil, and no error") { store in
            try await store.admitExample(Example.task(1))
            let unknown = TaskID("task-rg-0-000000000000")
            try expect(try await store.task(unknown), is: nil, "a task")
            try expect(try await store.task(TaskID("")), is: nil, "a task without a name")
            try expect(
                try await store.task(providerTaskID: ProviderTaskID("x")), is: nil, "a provider's task")
            try expect(try await store.payload(of: unknown), is: nil, "a payload")
            try expect(try await store.events(of: unknown), is: [], "a history")
        },
        Check("a task is found by the provider's id once it has one") { store in
            let first = try await store.admitExample(Example.task(1))
            try await store.admitExample(Example.task(2))
            let name = ProviderTaskID("task-unified-1")
            try expect(try await store.task(providerTaskID: name), is: nil, "before")
            let sending = try await store.saveExample(Example.change(of: first, to: .sending))
            let change = Example.change(of: sending, to: .running) { $0.providerTaskID = name }
            let running = try await store.saveExample(change)
            try expect(try await store.task(providerTaskID: name), is: running, "after")
            let other = ProviderTaskID("TASK-UNIFIED-1")
            try expect(try await store.task(providerTaskID: other), is: nil, "in other letters")
        },
        Check("durations are those of the newest completed tasks, newest first") { store in
            for number in 0..<8 {
                let job = VideoJob(
                    model: "m\(number % 2)", payload: [], resolution: number == 4 ? nil : "\(number)p")
                try await store.admitExample(
                    TaskRecord(id: Example.id(number), job: job, client: "c", created: Example.start))
                guard let record = try await store.task(Example.id(number)) else { continue }
                try await store.saveExample(
                    Example.change(of: record, to: number == 3 ? .failed : .completed) {
                        // An adopted one has no beginning.
                        $0.accepted = number == 6 ? nil : Example.start
                        $0.completed = Example.start + .milliseconds(number)
                    })
            }
            let all = [7, 5, 4, 2, 1, 0].map { number in
                CompletedDuration(
                    model: "m\(number % 2)", resolution: number == 4 ? nil : "\(number)p",
                    duration: .milliseconds(number))
            }
            try expect(try await store.completedDurations(limit: 100), is: all, "all")
            // The one without a duration counts.
            let three = try await store.completedDurations(limit: 3)
            try expect(three, is: Array(all.prefix(2)), "those of the three newest")
        },
        Check("a check passes while the store works, and changes no task") { store in
            let task = try await store.admitExample(Example.task(1))
            for _ in 0..<3 { try await store.check() }
            try expect(try await store.task(task.id), is: task, "the task")
            try expect(try await store.events(of: task.id).count, is: 1, "its history")
        },
        Check("open tasks come in order of admission, in pages") { store in
            // Created backwards in time: the clock has jumped.
            for number in 0..<20 {
                let created = Example.start + .seconds(-number)
                let job = VideoJob(model: "m", payload: [])
                let record = TaskRecord(id: Example.id(number), job: job, client: "c", created: created)
                try await store.admitExample(record)
            }
            var open: [TaskID] = []
            for (number, state) in (TaskState.allCases + TaskState.allCases).enumerated() {
                try await store.saveExample(change(number, to: state))
                if state.isOpen { open.append(Example.id(number)) }
            }
            open += (16..<20).map { Example.id($0) }
            try expect(try await workIDs(store, limit: 100), is: open, "all open tasks")
            try expect(try await workIDs(store, limit: 5), is: open, "all open tasks in pages of 5")
            try expect(try await workIDs(store, limit: 1), is: open, "all open tasks one by one")
        },
        Check("a timed-out task has work left during its grace period") { store in
            for number in 0..<3 { try await store.admitExample(Example.task(number)) }
            for number in 0..<3 {
                let change = Example.change(of: Example.task(number), to: .failed) {
                    if number == 1 { $0.graceDeadline = Example.start }
                }
                try await store.saveExample(change)
            }
            let work = try await store.claimedTasks(limit: 10)
            try expect(work.map(\.id), is: [Example.id(1)], "with work left")
            try expect(work.first?.graceDeadline, is: Example.start, "until when")
        },
        Check("paging through open tasks continues after a task that has ended meanwhile") { store in
            for number in 0..<4 { try await store.admitExample(Example.task(number)) }
            try await store.saveExample(Example.change(of: Example.task(1), to: .cancelled))
            let rest = try await store.claimedTasks(after: Example.id(1), limit: 10).map(\.id)
            try expect(rest, is: [Example.id(2), Example.id(3)], "the rest")
        },
    ]

    private static func change(_ number: Int, to state: TaskState) -> TaskChange {
        let created = Example.start + .seconds(-number)
        let record = TaskRecord(
            id: Example.id(number), job: VideoJob(model: "m", payload: []), client: "c", created: created)
        return Example.change(of: record, to: state)
    }

    private static func workIDs(_ store: any TaskStore, limit: Int) async throws -> [TaskID] {
        var found: [TaskID] = []
        while true {
            let page = try await store.claimedTasks(after: found.last, limit: limit)
            try expect(page.count <= limit, is: true, "a page within its limit")
            if page.isEmpty { return found }
            found += page.map(\.id)
        }
    }
}
