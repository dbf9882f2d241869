package import Gateway
import VideoJobs

extension MemoryTaskStore: UsageStore {
    package func usage(matching query: UsageQuery) async throws(StoreError) -> [String: UsageSum] {
        try access { state throws(StoreError) in
            var sums: [String: UsageSum] = [:]
            for record in state.records.values where (query.client ?? record.client) == record.client {
                for part in UsageSum.parts(of: record) where part.at >= query.since {
                    sums[query.grouping.name(of: record, at: part.at), default: UsageSum()] += part.sum
                }
            }
            return sums
        }
    }

    package func openTasks() async throws(StoreError) -> [String: Int] {
        try access { state throws(StoreError) in
            state.records.values.filter(\.state.isOpen).reduce(into: [:]) { $0[$1.client, default: 0] += 1 }
        }
    }

    package func totals() async throws(StoreError) -> TaskTotals {
        try access { state throws(StoreError) in
            var totals = TaskTotals()
            for record in state.records.values {
                var sum = UsageSum(record)
                (sum.accepted, sum.rejected) = (0, 0)
                totals.sums[TaskTotals.Group(record), default: UsageSum()] += sum
            }
            totals.oldestUncertain = state.records.values.filter { $0.state == .uncertain }
                .map(\.updated).min()
            return totals
        }
    }
}
