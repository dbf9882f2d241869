/// The bounded queue of mutations for the one writer.
struct PendingMutations {
    /// How much may wait, and how much goes into one transaction.
    struct Limits {
        var waitingMax = 10_000
        var waitingBytesMax = 64 << 20
        var batchMax = 1_024
        var batchBytesMax = 8 << 20
    }

    enum Entry: Equatable {
        /// The writer is at work and will come to it.
        case joined
        /// The writer must be called.
        case first
        case full
        case closed
    }

    private let limits: Limits
    private var waiting: [PendingMutation] = []
    private var bytes = 0
    private var writerIsCalled = false
    private var isClosed = false

    init(limits: Limits = Limits()) { self.limits = limits }

    var count: Int { waiting.count }

    mutating func add(_ mutation: PendingMutation) -> Entry {
        if isClosed { return .closed }
        guard waiting.count < limits.waitingMax, bytes + mutation.bytes <= limits.waitingBytesMax else {
            return .full
        }
        waiting.append(mutation)
        bytes += mutation.bytes
        defer { writerIsCalled = true }
        return writerIsCalled ? .joined : .first
    }

    /// Returns the next transaction's mutations in order of arrival; none ends the writer's turn.
    mutating func nextBatch() -> [PendingMutation] {
        var batchBytes = 0
        let count =
            waiting.prefix(limits.batchMax).prefix { mutation in
                batchBytes += mutation.bytes
                return batchBytes <= limits.batchBytesMax || batchBytes == mutation.bytes
            }.count
        let batch = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        bytes -= batch.reduce(0) { $0 + $1.bytes }
        writerIsCalled = !batch.isEmpty
        return batch
    }

    /// Refuses further mutations.
    mutating func close() { isClosed = true }
}
