import Logging
import Synchronization
import VideoJobs

/// Whether the folder is the archive that belongs to the store: remembers that it is not, and looks by itself
/// whether it is back.
///
/// Also remembers single copies that are missing from an archive in order: they make nothing else unusable,
/// so they are reported without making the gateway unready.
final class ArchiveHealth: Sendable {
    private struct State {
        /// Why the archive as a whole cannot be used.
        var failure: String?
        var isJoined = false
        var isStopped = false
        var missing: [ArtifactID] = []
    }

    /// More are only logged.
    private static let missingMax = 100

    private let ports: GatewayPorts
    private let settings: GatewaySettings
    private let alarm: ReschedulableTimer
    private let state = Mutex(State())

    init(ports: GatewayPorts, settings: GatewaySettings) {
        self.ports = ports
        self.settings = settings
        self.alarm = ReschedulableTimer(ports: ports)
    }

    /// Why the archive cannot be used; `nil` while it can.
    var failure: String? { state.withLock { $0.failure } }
    /// Copies that should be in the archive and were not when they were looked for.
    var missing: [ArtifactID] { state.withLock { $0.missing } }

    /// Joins store and archive and begins to look now and then. An archive that is not there is no reason not
    /// to start: tasks can be read and jobs taken without it.
    func start() async throws(StoreError) {
        do {
            try await join()
        } catch let failure as StoreError {
            throw failure
        } catch {
            note(error)
        }
        plan()
    }

    func stop() {
        state.withLock { $0.isStopped = true }
        alarm.stop()
    }

    /// Passes an archive call's ending on and remembers what it says of the archive.
    func watching<Value>(
        _ call: () async throws(ArchiveError) -> Value
    ) async throws(ArchiveError) -> Value {
        do {
            return try await call()
        } catch {
            if case .unavailable = error {
                note(error)
                plan()
            }
            throw error
        }
    }

    /// Looks whether the archive can be used now, and whether missing copies are back.
    func look() async {
        do {
            try await join()
            recover()
            for place in missing where (try? await ports.archive.file(at: place)) != nil { forget(place) }
        } catch {
            note(error)
        }
    }

    /// Remembers a copy that is missing. Returns whether that is new.
    func noteMissing(_ place: ArtifactID) -> Bool {
        state.withLock { state in
            guard !state.missing.contains(place) else { return false }
            if state.missing.count < Self.missingMax { state.missing.append(place) }
            return true
        }
    }

    /// A copy is here again, or is no longer expected to be.
    func forget(_ place: ArtifactID) {
        state.withLock { state in state.missing.removeAll { $0 == place } }
    }

    private func join() async throws {
        if state.withLock({ $0.isJoined }) { return try await ports.archive.check() }
        let recorded = try await ports.store.identity().archiveID
        var copies: [ArtifactID] = []
        if recorded == nil {
            copies = try await ports.store.tasksWithContent(limit: 10_000).map {
                ArtifactID(task: $0.id, index: 0)
            }
        }
        let found = try await ports.archive.join(recorded: recorded, knowing: copies)
        if recorded == nil { try await ports.store.setArchiveID(found) }
        state.withLock { $0.isJoined = true }
    }

    private func note(_ error: any Error) {
        let message = (error as? ArchiveError)?.message ?? (error as? StoreError)?.message ?? "\(error)"
        let isNew = state.withLock { state in
            guard !state.isStopped else { return false }
            defer { state.failure = message }
            return state.failure == nil
        }
        guard isNew else { return }
        ports.log.error(
            "\(message). Nothing is written there; videos wait at the provider until the archive is back")
    }

    private func recover() {
        let hadFailed = state.withLock { state in
            defer { state.failure = nil }
            return state.failure != nil
        }
        if hadFailed { ports.log.notice("the archive is available again") }
    }

    private func plan() {
        let delay = failure == nil ? settings.storeCheckInterval : settings.archiveRetryInterval
        alarm.set(for: ports.clock.monotonic() + delay) { [weak self] in
            self?.ports.start { [weak self] in
                await self?.look()
                self?.plan()
            }
        }
    }
}
