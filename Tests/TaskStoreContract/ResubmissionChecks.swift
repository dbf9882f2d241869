import Gateway
import VideoJobs

/// Another submission of a job is judged inside the change that orders it.
extension TaskStoreContract {
    static let resubmissionChecks = [
        Check("another submission is judged with its change, and refused it changes nothing") { store in
            let record = try await store.uncertainExample(1)
            let left = AdmissionLimit.Amount(limit: 1_279_999, left: 639_999, resets: sameDay.end)
            let refused = try await store.save(resubmission(of: record, sameDay, budget: 1_279_999))
            try expect(refused, is: .limited(.budget(left)), "within 1.28 dollars less one")
            try expect(try await store.task(record.id), is: record, "the task")
            try expect(try await store.events(of: record.id).count, is: 2, "its events")
            let saved = try await store.save(resubmission(of: record, sameDay, budget: 1_280_000))
            try expect(saved.isSaved, is: true, "within 1.28 dollars")
            let used = try await store.consumption(of: "open", since: sameDay.start)
            try expect(used, is: 1_280_000, "both submissions")
        },
        Check("a change that exceeds a limit of its own is not stored") { store in
            let record = try await store.uncertainExample(1)
            var change = Example.change(of: record, to: .queued)
            change.limits = AdmissionLimits()
            change.limits?.exceeded = .jobCeiling(microdollars: 1)
            try expect(
                try await store.save(change), is: .limited(.jobCeiling(microdollars: 1)), "the change")
        },
        Check("a change that comes too late is outdated, whatever its limits are") { store in
            let record = try await store.uncertainExample(1)
            try await store.saveExample(Example.change(of: record, to: .failed))
            let late = try await store.save(resubmission(of: record, sameDay, budget: 0))
            try expect(late, is: .outdated, "the late change")
        },
        Check("each submission counts for the day on which it was ordered") { store in
            var record = try await store.uncertainExample(1)
            let other = try await store.uncertainExample(2, client: "ann")
            // The second day has room for one price, although the first day's is still held.
            let first = resubmission(of: record, nextDay, budget: 640_000)
            record = try await store.saveExample(first)
            for (client, since, sum) in [
                ("open", sameDay.start, 1_280_000), ("open", nextDay.start, 640_000),
                ("open", nextDay.end, 0), ("ann", nextDay.start, 0), (nil, sameDay.start, 1_920_000),
                (nil, nextDay.start, 640_000),
            ] as [(String?, Timestamp, Int64)] {
                let found = try await store.consumption(of: client, since: since)
                try expect(found, is: sum, "of \(client ?? "all") since \(since)")
            }
            try expect(
                try await store.save(resubmission(of: other, nextDay, ceiling: 1_279_999)),
                is: .limited(.dayCeiling(.init(limit: 1_279_999, left: 639_999, resets: nextDay.end))),
                "ann's, beyond the ceiling of the second day")
            record = try await store.saveExample(
                Example.change(of: record, to: .failed) { $0.priceState = .freed })
            try expect(try await store.consumption(of: nil, since: nextDay.start), is: 0, "after a failure")
            try expect(try await store.consumption(of: nil, since: sameDay.start), is: 1_280_000, "held")
        },
        Check("several earlier submissions count for the day of the latest of them") { store in
            var record = try await store.uncertainExample(1)
            for _ in 0..<2 {
                record = try await store.saveExample(resubmission(of: record, nextDay, budget: 1_920_000))
                record = try await store.saveExample(
                    Example.change(of: record, to: .uncertain) { $0.priceState = .held })
            }
            let used = try await store.consumption(of: nil, since: nextDay.start)
            try expect(used, is: 1_920_000, "the second day")
            try expect(try await store.consumption(of: nil, since: nextDay.end), is: 0, "the third day")
        },
        Check("of concurrent submissions as many succeed as the ceiling allows") { store in
            var records: [TaskRecord] = []
            for number in 0..<20 { records.append(try await store.uncertainExample(number)) }
            let saved = try await withThrowingTaskGroup(of: Bool.self) { group in
                for record in records {
                    group.addTask {
                        try await store.save(resubmission(of: record, nextDay, ceiling: 3 * 640_000)).isSaved
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expect(saved, is: 3, "submissions")
            let used = try await store.consumption(of: nil, since: nextDay.start)
            try expect(used, is: 3 * 640_000, "of the second day")
        },
    ]

    private static let sameDay = SpendingPeriod.day(of: Example.start)
    private static let nextDay = SpendingPeriod.day(of: Example.start + .seconds(86_400))

    /// The change that orders another submission, within limits of a period.
    private static func resubmission(
        of record: TaskRecord, _ period: SpendingPeriod, budget: Int64? = nil, ceiling: Int64? = nil
    ) -> TaskChange {
        var change = Example.change(of: record, to: .queued) {
            $0.priceState = .reserved
            $0.earlierPrice += 640_000
            $0.earlierSubmitted = record.resubmitted ?? record.created
            $0.resubmitted = max(period.start, Example.start)
        }
        var limits = AdmissionLimits()
        limits.budget = budget.map { AdmissionLimits.Spending(microdollars: $0, period: period) }
        limits.ceiling = ceiling.map { AdmissionLimits.Spending(microdollars: $0, period: period) }
        change.limits = limits
        return change
    }
}

extension TaskStore {
    /// Admits a task whose submission has an unknown outcome.
    fileprivate func uncertainExample(_ number: Int, client: String = "open") async throws -> TaskRecord {
        let record = try await admitExample(Example.task(number, client: client))
        return try await saveExample(Example.change(of: record, to: .uncertain) { $0.priceState = .held })
    }
}
