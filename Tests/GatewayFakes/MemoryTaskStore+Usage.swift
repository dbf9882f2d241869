package import Gateway
import VideoJobs

extension MemoryTaskStore: UsageStore {
    package func usage(matching query: UsageQuery) async throws(StoreError) -> [String: UsageSum] {
        try access { state throws(StoreError) in
            var sums: [String: UsageSum] = [:]
            for record in state.records.values
            where record.created >= query.since && (query.client ?? record.client) == record.client {
                let name =
                    switch query.grouping {
                    case .client: record.client
                    case .model: record.model
                    case .day: "\(UTCDate(of: record.created))"
                    }
                sums[name, default: UsageSum()] += UsageSum(record)
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
