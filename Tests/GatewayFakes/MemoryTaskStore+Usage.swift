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
}
