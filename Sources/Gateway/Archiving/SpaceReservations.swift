import Synchronization
import VideoJobs

/// Reserves space for results before their jobs are sent, and has old videos removed for that.
final class SpaceReservations: Sendable {
    /// How long the free space of the disk is relied on without looking at it again.
    private static let ageMax: Duration = .milliseconds(100)
    /// How long a caller waits for a disk that does not answer.
    private static let lookMax: Duration = .seconds(1)

    private let ports: GatewayPorts
    fileprivate let space: ArchiveSpace
    private let retention: RetentionService
    /// The look at the disk that callers of `prepare` share.
    private let sharedLook = Mutex<Task<Void, Never>?>(nil)

    init(ports: GatewayPorts, space: ArchiveSpace, retention: RetentionService) {
        self.ports = ports
        self.space = space
        self.retention = retention
    }

    /// Reads the bytes of content and the sizes of earlier results, before tasks are recovered.
    func load() async throws(StoreError) {
        let changes = space.contentChanges
        space.setContentBytes(try await ports.store.contentBytes(), countedAfter: changes)
        space.setLargest(try await ports.store.largestResults(limit: ArchiveSpace.kindsMax))
    }

    /// Reserves space for a job that may be sent at once, if there surely is room: nothing is removed for it.
    func reserveAtOnce(_ record: TaskRecord) -> Bool {
        isDiskKnown && space.reserve(record)
    }

    /// Makes `reserveAtOnce` possible, unless the disk does not answer.
    func prepare() async {
        if isDiskKnown { return }
        let event = AsyncEvent()
        let shared = sharedLook.withLock { shared in
            let task =
                shared
                ?? ports.start { [self] in
                    await look()
                    sharedLook.withLock { $0 = nil }
                }
            shared = task
            return task
        }
        ports.start {
            await shared.value
            event.set()
        }
        await ports.wait(for: event, until: ports.clock.monotonic() + Self.lookMax)
    }

    private var isDiskKnown: Bool {
        space.ageOfFree(at: ports.clock.monotonic()).map { $0 < Self.ageMax } ?? false
    }

    /// Reserves space for a job, for which the oldest videos are removed if that frees enough. Returns
    /// why there is none.
    func reserve(_ record: TaskRecord) async -> String? {
        await look()
        if space.reserve(record) { return nil }
        await retention.freeSpace { [self] content in
            await look()
            let missing = space.shortage(for: record)?.bytes ?? 0
            // Nothing is removed in vain.
            return missing <= content ? missing : 0
        }
        await look()
        if space.reserve(record) { return nil }
        return space.shortage(for: record).map(message)
    }

    private func look() async {
        let bytes = await ports.archive.freeBytes()
        space.setFree(bytes, at: ports.clock.monotonic())
    }

    private func message(_ shortage: ArchiveSpace.Shortage) -> String {
        if let max = shortage.bytesMax, shortage.size > max {
            return "a result may need \(shortage.size) bytes, more than archive.max_bytes, \(max); raise it"
        }
        let need = "another result of up to \(shortage.size) bytes beside \(shortage.reserved) reserved ones"
        if shortage.disk > 0 {
            return "the archive's disk lacks \(shortage.disk) bytes for \(need); free some space"
        }
        return "archive.max_bytes has no room for \(need); raise it, or wait until other tasks have ended"
    }
}

extension SpaceReservations {
    /// Removes the reservation of a job that was not sent.
    func release(_ id: TaskID) { space.release(id) }
}
