import Gateway
import VideoJobs

/// Limits are judged inside the admission.
extension TaskStoreContract {
    static let limitChecks = [
        Check("a budget admits as long as the price is left") { store in
            let limits = budget(1_500_000)
            try expect(try await admit(1, limits, in: store), is: nil, "the first")
            try expect(try await admit(2, limits, in: store), is: nil, "the second")
            let left = AdmissionLimit.Amount(limit: 1_500_000, left: 220_000, resets: period.end)
            try expect(try await admit(3, limits, in: store), is: .budget(left), "the third")
            try expect(try await store.task(Example.id(3)), is: nil, "the third's task")
            try expect(try await store.payload(of: Example.id(3)), is: nil, "the third's payload")
            try expect(try await admit(4, budget(1_920_000), in: store), is: nil, "with a larger budget")
            try expect(try await admit(5, budget(0), in: store) != nil, is: true, "with a smaller budget")
        },
        Check("what was freed can be spent again, what is held or spent cannot") { store in
            let limits = budget(640_000)
            var record = try await store.admitExample(Example.task(1))
            for state in [PriceState.spent, .held, .reserved] {
                let change = Example.change(of: record, to: .running) { $0.priceState = state }
                record = try await store.saveExample(change)
                let found = try await store.consumption(of: "open", since: period.start)
                try expect(found, is: 640_000, "\(state)")
                try expect(try await admit(2, limits, in: store) != nil, is: true, "while \(state)")
            }
            try await store.saveExample(
                Example.change(of: record, to: .failed) {
                    $0.priceState = .freed
                    $0.earlierPrice = 5
                })
            try expect(try await store.consumption(of: "open", since: period.start), is: 5, "freed")
            try expect(try await admit(2, budget(640_005), in: store), is: nil, "after it was freed")
        },
        Check("a budget is the client's own, a ceiling is for all") { store in
            for (number, client) in ["ann", "bob", "open"].enumerated() {
                try await store.admitExample(Example.task(number, client: client))
            }
            try expect(try await store.consumption(of: "ann", since: period.start), is: 640_000, "ann's")
            try expect(try await store.consumption(of: "eve", since: period.start), is: 0, "eve's")
            try expect(try await store.consumption(of: nil, since: period.start), is: 1_920_000, "all")
            var limits = budget(640_000)
            limits.ceiling = AdmissionLimits.Spending(microdollars: 2_000_000, period: period)
            let left = AdmissionLimit.Amount(limit: 2_000_000, left: 80_000, resets: period.end)
            let outcome = try await store.admit(
                NewTask(record: Example.task(7, client: "eve"), payload: [], limits: limits))
            try expect(outcome, is: .limited(.dayCeiling(left)), "eve's task")
        },
        Check("a task counts for the period of its admission only") { store in
            _ = try await store.admitExample(Example.task(1))
            let later = Timestamp(milliseconds: Example.start.milliseconds + 1)
            try expect(try await store.consumption(of: nil, since: later), is: 0, "consumption")
            var limits = AdmissionLimits()
            limits.jobs = AdmissionLimits.Jobs(max: 1, period: SpendingPeriod(start: later, end: period.end))
            limits.budget = AdmissionLimits.Spending(
                microdollars: 640_000, period: SpendingPeriod(start: later, end: period.end))
            try expect(try await admit(2, limits, in: store), is: nil, "a task of the next period")
        },
        Check("open tasks and jobs of the day are counted by client") { store in
            var record = try await store.admitExample(Example.task(1))
            try await store.admitExample(Example.task(2, client: "ann"))
            var limits = AdmissionLimits()
            limits.inFlight = 1
            try expect(try await admit(3, limits, in: store), is: .inFlight(max: 1), "one is open")
            for state in [TaskState.sending, .running, .archiving] {
                record = try await store.saveExample(Example.change(of: record, to: state))
                try expect(try await admit(3, limits, in: store), is: .inFlight(max: 1), "\(state)")
            }
            record = try await store.saveExample(Example.change(of: record, to: .uncertain))
            try expect(try await admit(3, limits, in: store), is: nil, "none is open")
            limits.inFlight = nil
            limits.jobs = AdmissionLimits.Jobs(max: 2, period: period)
            let limit = AdmissionLimit.jobsPerDay(max: 2, resets: period.end)
            try expect(try await admit(4, limits, in: store), is: limit, "the third job of the day")
        },
        Check("a repeated job joins its task whatever the limits are") { store in
            let claim = Example.claim("k")
            _ = try await store.admit(Example.admission(1, claim: claim))
            var again = Example.admission(2, claim: claim)
            again.limits.exceeded = .jobCeiling(microdollars: 1)
            try expect(try await store.admit(again), is: .replayed(Example.task(1)), "the same job")
            again.claim = Example.claim("other")
            let limited = AdmissionOutcome.limited(.jobCeiling(microdollars: 1))
            try expect(try await store.admit(again), is: limited, "another key")
            again.limits = AdmissionLimits()
            try expect(try await store.admit(again).isAdmitted, is: true, "the key, which must be free")
        },
        Check("of concurrent admissions as many succeed as the limits allow") { store in
            var limits = budget(10 * 640_000)
            limits.ceiling = AdmissionLimits.Spending(microdollars: 9 * 640_000 + 1, period: period)
            let admitted = try await withThrowingTaskGroup(of: Bool.self) { [limits] group in
                for number in 0..<100 {
                    group.addTask { try await admit(number, limits, in: store) == nil }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try expect(admitted, is: 9, "admitted")
            try expect(try await store.consumption(of: nil, since: period.start), is: 5_760_000, "reserved")
        },
        Check("a limit can be asked for without an admission") { store in
            let limits = budget(640_000)
            let record = Example.task(1)
            try expect(try await store.limit(limits, exceededBy: record), is: nil, "before")
            try await store.admitExample(record)
            let left = AdmissionLimit.Amount(limit: 640_000, left: 0, resets: period.end)
            try expect(
                try await store.limit(limits, exceededBy: Example.task(2)), is: .budget(left), "after")
        },
    ]

    private static let period = SpendingPeriod.day(of: Example.start)

    private static func budget(_ amount: Int64) -> AdmissionLimits {
        var limits = AdmissionLimits()
        limits.budget = AdmissionLimits.Spending(microdollars: amount, period: period)
        return limits
    }

    /// Admits a task. Returns the limit that it exceeds.
    private static func admit(
        _ number: Int, _ limits: AdmissionLimits, in store: any TaskStore
    ) async throws -> AdmissionLimit? {
        let task = NewTask(record: Example.task(number), payload: Example.payload, limits: limits)
        switch try await store.admit(task) {
        case .limited(let limit): return limit
        case .admitted: return nil
        case .replayed, .keyReused, .nothingJoined: throw ContractError(description: "no key was given")
        }
    }
}
