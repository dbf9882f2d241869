import Gateway
import VideoJobs

/// The requirements of every store that sums tasks, as checks for a parameterised test. Each check needs a
/// new store.
package enum UsageStoreContract {
    package typealias Check = StoreCheck

    package static let checks = [
        Check("tasks are summed by client, model and day") { store in
            try await admitTasks(to: store)
            try expect(
                try await sums(by: .client, in: store),
                is: [
                    "desk": UsageSum(jobs: 1, reserved: 100), "lab": UsageSum(jobs: 1),
                    "studio": UsageSum(jobs: 4, videos: 1, reserved: 100, spent: 100, held: 107),
                ], "by client")
            try expect(
                try await sums(by: .model, in: store),
                is: [
                    "fast": UsageSum(jobs: 2, reserved: 200),
                    "slow": UsageSum(jobs: 4, videos: 1, spent: 100, held: 107),
                ], "by model")
            try expect(
                try await sums(by: .day, in: store),
                is: [
                    "2025-09-06": UsageSum(jobs: 4, videos: 1, reserved: 100, spent: 100, held: 107),
                    "2025-09-07": UsageSum(jobs: 2, reserved: 100),
                ], "by day")
        },
        Check("tasks of one client, or since a time, are summed alone") { store in
            try await admitTasks(to: store)
            var query = UsageQuery(since: Example.start, client: "desk")
            try expect(
                try await store.usage(matching: query), is: ["desk": UsageSum(jobs: 1, reserved: 100)],
                "of one client")
            query.client = "nobody"
            try expect(try await store.usage(matching: query), is: [:], "of a client without tasks")
            query = UsageQuery(since: Example.start + .seconds(86_400), by: .model)
            try expect(
                try await store.usage(matching: query),
                is: ["fast": UsageSum(jobs: 1, reserved: 100), "slow": UsageSum(jobs: 1)], "since a time")
        },
        Check("the prices of a resubmitted task are summed for the days of their submissions") { store in
            let record = try await store.admitExample(task(1, "m"))
            let nextDay = Example.start + .seconds(86_400)
            try await store.saveExample(
                Example.change(of: record, to: .completed) {
                    $0.priceState = .spent
                    $0.earlierPrice = 100
                    $0.earlierSubmitted = $0.created
                    $0.resubmitted = nextDay
                })
            try await store.admitExample(task(2, "m"))
            try expect(
                try await sums(by: .day, in: store),
                is: [
                    "2025-09-06": UsageSum(jobs: 2, reserved: 100, held: 100),
                    "2025-09-07": UsageSum(videos: 1, spent: 100),
                ], "by day")
            try expect(
                try await sums(by: .model, in: store),
                is: ["m": UsageSum(jobs: 2, videos: 1, reserved: 100, spent: 100, held: 100)], "by model")
            let since = UsageQuery(since: nextDay, client: "studio")
            try expect(
                try await store.usage(matching: since), is: ["studio": UsageSum(videos: 1, spent: 100)],
                "since the second day")
            let other = UsageQuery(since: nextDay, client: "desk")
            try expect(try await store.usage(matching: other), is: [:], "of another client")
        },
        Check("reviews are counted, and each accepted video bears the cost of all") { store in
            for (number, verdict) in [(1, TaskReview.Verdict.accepted), (2, .rejected), (3, .accepted)] {
                let record = try await store.admitExample(task(number, "m", price: 100 + Int64(number)))
                try await store.saveExample(
                    Example.change(of: record, to: .completed) {
                        $0.priceState = .spent
                        $0.review = TaskReview(verdict)
                    })
            }
            for grouping in UsageGrouping.allCases {
                var sum = UsageSum(jobs: 3, videos: 3, spent: 306)
                (sum.accepted, sum.rejected) = (2, 1)
                let sums = try await sums(by: grouping, in: store)
                try expect(Array(sums.values), is: [sum], "by \(grouping)")
                try expect(sum.spentPerAccepted, is: 153, "the cost of an accepted video")
            }
            let other = UsageQuery(since: Example.start, client: "desk", by: .model)
            try expect(try await store.usage(matching: other), is: [:], "of another client")
        },
        Check("open tasks are counted by client") { store in
            try expect(try await store.openTasks(), is: [:], "of an empty store")
            try await admitTasks(to: store)
            try expect(try await store.openTasks(), is: ["desk": 1, "lab": 1, "studio": 1], "all")
        },
        Check("the totals are what the tasks add up to, by model, client and state") { store in
            try expect(try await store.totals(), is: TaskTotals(), "of an empty store")
            try await admitTasks(to: store)
            let states: [(String, String, TaskState, UsageSum)] = [
                ("fast", "studio", .queued, UsageSum(jobs: 1, reserved: 100)),
                ("slow", "studio", .completed, UsageSum(jobs: 1, videos: 1, spent: 100)),
                ("slow", "studio", .uncertain, UsageSum(jobs: 1, held: 107)),
                ("slow", "studio", .cancelled, UsageSum(jobs: 1)),
                ("fast", "desk", .queued, UsageSum(jobs: 1, reserved: 100)),
                ("slow", "lab", .queued, UsageSum(jobs: 1)),
            ]
            var expected = TaskTotals(oldestUncertain: try await store.task(Example.id(3))?.updated)
            for (model, client, state, sum) in states {
                expected.sums[TaskTotals.Group(model: model, client: client, state: state)] = sum
            }
            try expect(try await store.totals(), is: expected, "all")
            // A refused change and a replayed job change nothing.
            let stale = Example.change(of: task(2, "slow"), to: .running)
            try expect(try await store.save(stale), is: .outdated, "a change of an old record")
            try expect(try await store.totals(), is: expected, "after an outdated change")
        },
    ]

    private static func sums(
        by grouping: UsageGrouping, in store: any GatewayStore
    ) async throws -> [String: UsageSum] {
        try await store.usage(matching: UsageQuery(since: Example.start, by: grouping))
    }

    /// One task in each state of a price, one without a price, and one of another client.
    private static func admitTasks(to store: any GatewayStore) async throws {
        try await store.admitExample(task(1, "fast"))
        for (number, state, earlier) in [
            (2, PriceState.spent, Int64(0)), (3, .held, 7), (4, .freed, 0),
        ] {
            let record = try await store.admitExample(task(number, "slow"))
            let end: TaskState =
                switch state {
                case .reserved: .running
                case .spent: .completed
                case .held: .uncertain
                case .freed: .cancelled
                }
            try await store.saveExample(
                Example.change(of: record, to: end) {
                    $0.priceState = state
                    $0.earlierPrice = earlier
                })
        }
        let nextDay = Example.start + .seconds(86_400)
        try await store.admitExample(task(5, "fast", client: "desk", created: nextDay))
        try await store.admitExample(task(6, "slow", client: "lab", price: nil, created: nextDay))
    }

    private static func task(
        _ number: Int, _ model: String, client: String = "studio", price: Int64? = 100,
        created: Timestamp = Example.start
    ) -> TaskRecord {
        TaskRecord(
            id: Example.id(number), job: VideoJob(model: model, payload: Example.payload, price: price),
            client: client, created: created)
    }
}
