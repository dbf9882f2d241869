import Gateway
import VideoJobs

/// The archived content among the tasks of a store in memory.
struct MemoryContent {
    let records: [TaskID: TaskRecord]
    /// In the order of admission.
    let order: [TaskID]

    private var kept: [TaskRecord] {
        order.compactMap { records[$0] }.filter { $0.state == .completed && !$0.contentRemoved }
    }

    var bytes: Int64 { kept.reduce(0) { $0 + $1.contentBytes } }

    func largest(limit: Int) -> [ResultKind: Int64] {
        let sizes = records.values.filter { $0.state == .completed }
            .flatMap { record in record.results.map { (ResultKind(of: record), $0.bytes) } }
        let largest = Dictionary(sizes, uniquingKeysWith: max).sorted { $0.value > $1.value }
        return Dictionary(uniqueKeysWithValues: largest.prefix(limit).map { ($0.key, $0.value) })
    }

    func page(_ query: ContentQuery) -> [TaskRecord] {
        let sorted = kept.enumerated()
            .compactMap { index, record in time(of: record, query.order).map { ($0, index, record) } }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        let start = query.after.map { id in (sorted.firstIndex { $0.id == id } ?? -1) + 1 } ?? 0
        return Array(sorted[start...].prefix(query.limit))
    }

    /// `nil` for content that is not in this order.
    private func time(of record: TaskRecord, _ order: ContentQuery.Order) -> Timestamp? {
        switch order {
        case .archived: record.completed ?? Timestamp(milliseconds: 0)
        case .unnoticedExpiry(let by):
            record.isRemovalUnnoticed ? time(of: record, .expiry(by: by)) : nil
        case .expiry(let by): record.contentExpires.flatMap { by.map { $0 } ?? $0 >= $0 ? $0 : nil }
        }
    }
}
