import Gateway
import VideoJobs

extension TaskStoreContract {
    static let listingChecks: [Check] = [
        Check("a listing is newest first and whole records") { store in
            try expect(
                try await store.tasks(matching: TaskQuery()), is: TaskPage(tasks: [], hasMore: false),
                "an empty store's")
            for number in 0..<3 { try await store.admitExample(Example.task(number)) }
            let changed = try await store.saveExample(Example.change(of: Example.task(0), to: .sending))
            let page = try await store.tasks(matching: TaskQuery())
            let expected = TaskPage(tasks: [Example.task(2), Example.task(1), changed], hasMore: false)
            try expect(page, is: expected, "the page")
        },
        Check("a listing reports whether there is more") { store in
            for number in 0..<4 { try await store.admitExample(Example.task(number)) }
            for (limit, hasMore) in [(1, true), (3, true), (4, false), (5, false)] {
                let page = try await store.tasks(matching: TaskQuery(limit: limit))
                try expect(page.tasks.count, is: min(limit, 4), "tasks with a limit of \(limit)")
                try expect(page.hasMore, is: hasMore, "more with a limit of \(limit)")
            }
        },
        Check("paging shows every task once while new ones come in and old ones change") { store in
            for number in 0..<25 { try await store.admitExample(Example.task(number)) }
            var query = TaskQuery(limit: 10)
            var seen: [TaskID] = []
            var page = try await store.tasks(matching: query)
            while true {
                seen += page.tasks.map(\.id)
                guard page.hasMore else { break }
                try await store.admitExample(Example.task(100 + seen.count))
                try await store.saveExample(Example.change(of: page.tasks[0], to: .cancelled))
                query.after = page.tasks.last?.id
                page = try await store.tasks(matching: query)
            }
            try expect(seen, is: (0..<25).reversed().map(Example.id), "the ids seen")
        },
        Check("a listing after an unknown task is empty") { store in
            try await store.admitExample(Example.task(1))
            var query = TaskQuery()
            query.after = TaskID("task-rg-0-000000000000")
            let page = try await store.tasks(matching: query)
            try expect(page, is: TaskPage(tasks: [], hasMore: false), "the page")
        },
        Check("filters by model, client, state and status hold alone and together") { store in
            let all = try await fill(store)
            for query in queries() {
                let expected = all.reversed().filter { matches($0, query) }.map(\.id)
                var found: [TaskID] = []
                var next = query
                while true {
                    let page = try await store.tasks(matching: next)
                    found += page.tasks.map(\.id)
                    guard page.hasMore else { break }
                    next.after = page.tasks.last?.id
                }
                try expect(found, is: expected, "\(query)")
            }
        },
    ]

    /// Every state, with both provider statuses of running, for two models and two clients.
    private static func fill(_ store: any TaskStore) async throws -> [TaskRecord] {
        var records: [TaskRecord] = []
        for state in TaskState.allCases {
            for word in [TaskStatus.pending, .processing] {
                for (model, client) in [("m1", "ann"), ("m1", "bob"), ("m2", "ann")] {
                    let record = Example.task(records.count, model: model, client: client)
                    try await store.admitExample(record)
                    let change = Example.change(of: record, to: state) { $0.providerStatus = word }
                    records.append(try await store.saveExample(change))
                }
            }
        }
        return records
    }

    /// Every combination of filters, with none among the values of each.
    private static func queries() -> [TaskQuery] {
        var queries = [TaskQuery(limit: 5)]
        vary(&queries, \.model, ["m1", "m2", "M1"])
        vary(&queries, \.client, ["ann", "bob"])
        vary(&queries, \.status, TaskStatus.allCases)
        vary(&queries, \.state, [.running, .uncertain])
        return queries
    }

    private static func vary<Value>(
        _ queries: inout [TaskQuery], _ filter: WritableKeyPath<TaskQuery, Value?>, _ values: [Value]
    ) {
        for value in values {
            queries += queries.filter { $0[keyPath: filter] == nil }.map { query in
                var varied = query
                varied[keyPath: filter] = value
                return varied
            }
        }
    }

    private static func matches(_ record: TaskRecord, _ query: TaskQuery) -> Bool {
        (query.model ?? record.model) == record.model && (query.client ?? record.client) == record.client
            && (query.status ?? record.status) == record.status
            && (query.state ?? record.state) == record.state
    }
}
