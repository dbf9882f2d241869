import Synchronization

/// All copies of the store's high-water mark.
final class HighWaterMarks: Sendable {
    private let ports: GatewayPorts
    private let settings: GatewaySettings
    private let writers = Mutex<[MarkWriter]>([])

    init(ports: GatewayPorts, settings: GatewaySettings) {
        self.ports = ports
        self.settings = settings
    }

    /// Returns the highest sequence of a store in any copy; `nil` if none can be read.
    func highest(of storeID: String) async -> Int64? {
        var highest: Int64?
        for mark in ports.marks {
            guard let known = await mark.read(storeID: storeID) else { continue }
            highest = max(known, highest ?? known)
        }
        return highest
    }

    /// Begins to follow the store.
    func start(for storeID: String, foundAhead: @escaping @Sendable (Int64) async -> Void) {
        let started = ports.marks.map {
            MarkWriter($0, of: storeID, ports: ports, settings: settings, foundAhead: foundAhead)
        }
        writers.withLock { $0 = started }
        noteCommit()
    }

    /// Schedules writes after a commit. Never waits.
    func noteCommit() {
        for writer in writers.withLock({ $0 }) { writer.noteCommit() }
    }

    /// Writes the last sequence into every copy, but not beyond the given time.
    func stop(by deadline: MonotonicTime) async {
        for writer in writers.withLock({ $0 }) { await writer.stop(by: deadline) }
    }
}
