import Gateway
import GatewayFakes
import Synchronization
import VideoJobs

/// A store whose calls take time, fail, and sometimes fail only in their answer.
struct UnreliableStore: TaskStore {
    let backing: MemoryTaskStore
    let clock: ManualClock
    let weather: FaultInjector
    /// Broken: says that a change is durable, and forgets it.
    var lies = false

    func admit(_ admission: NewTask) async throws(StoreError) -> AdmissionOutcome {
        try await arrive()
        let outcome = try await backing.admit(admission)
        try await answer()
        return outcome
    }

    func save(_ change: TaskChange) async throws(StoreError) -> Bool {
        try await arrive()
        if lies, weather.pick(0...9) == 0 { return true }
        let saved = try await backing.save(change)
        try await answer()
        return saved
    }

    func task(_ id: TaskID) async throws(StoreError) -> TaskRecord? {
        try await arrive()
        return try await backing.task(id)
    }

    func task(providerTaskID: ProviderTaskID) async throws(StoreError) -> TaskRecord? {
        try await arrive()
        return try await backing.task(providerTaskID: providerTaskID)
    }

    func payload(of id: TaskID) async throws(StoreError) -> [UInt8]? {
        try await arrive()
        return try await backing.payload(of: id)
    }

    func tasks(matching query: TaskQuery) async throws(StoreError) -> TaskPage {
        try await arrive()
        return try await backing.tasks(matching: query)
    }

    func tasksWithWork(after id: TaskID?, limit: Int) async throws(StoreError) -> [TaskRecord] {
        try await arrive()
        // Small pages, so that recovery can be cut between them.
        return try await backing.tasksWithWork(after: id, limit: min(limit, 7))
    }

    func tasksWithContent(limit: Int) async throws(StoreError) -> [TaskRecord] {
        try await arrive()
        return try await backing.tasksWithContent(limit: limit)
    }

    func events(of id: TaskID) async throws(StoreError) -> [TaskEventRecord] {
        try await arrive()
        return try await backing.events(of: id)
    }

    func events(after sequence: Int64, limit: Int) async throws(StoreError) -> [SequencedTaskEvent] {
        try await arrive()
        return try await backing.events(after: sequence, limit: limit)
    }

    func outbox(kind: String, after id: Int64, limit: Int) async throws(StoreError) -> [OutboxRow] {
        try await arrive()
        return try await backing.outbox(kind: kind, after: id, limit: limit)
    }

    func removeFromOutbox(_ ids: [Int64]) async throws(StoreError) {
        try await arrive()
        try await backing.removeFromOutbox(ids)
    }

    func beginClaim(
        owner: String, at now: Timestamp, lease: Duration
    ) async throws(StoreError) -> WorkClaim {
        try await arrive()
        return try await backing.beginClaim(owner: owner, at: now, lease: lease)
    }

    func claimTasksWithWork(
        _ claim: WorkClaim, after id: TaskID?, limit: Int
    ) async throws(StoreError) -> [TaskRecord] {
        try await arrive()
        // Small pages, so that recovery can be cut between them.
        return try await backing.claimTasksWithWork(claim, after: id, limit: min(limit, 7))
    }

    func identity() async throws(StoreError) -> StoreIdentity {
        try await arrive()
        return try await backing.identity()
    }

    var sequence: Int64 { backing.sequence }

    func setRestoration(
        _ phase: RestorationPhase?, raisingSequenceTo sequence: Int64
    ) async throws(StoreError) {
        try await arrive()
        try await backing.setRestoration(phase, raisingSequenceTo: sequence)
    }

    func setArchiveID(_ id: String) async throws(StoreError) {
        try await arrive()
        try await backing.setArchiveID(id)
    }

    func check() async throws(StoreError) {
        try await arrive()
        try await backing.check()
    }

    func close() async {}

    private func arrive() async throws(StoreError) {
        await clock.pause(weather, milliseconds: 1...15)
        let isDown = weather.isSeason(of: .storeOutage, at: clock.monotonic(), seconds: 1...90)
        if isDown || weather.strikes(.storeRefuses) { throw .unavailable("the disk says no") }
    }

    /// The change is durable; whether the caller hears of it is another matter.
    private func answer() async throws(StoreError) {
        await clock.pause(weather, milliseconds: 1...15)
        if weather.strikes(.storeForgetsToSaySo) { throw .unavailable("the disk does not answer") }
    }
}

/// An archive that is slow, fails, and finds dead links dead.
struct UnreliableArchive: ResultArchive {
    let backing: MemoryArchive
    let provider: SimulatedProvider
    let clock: ManualClock
    let weather: FaultInjector
    /// Broken: says that a copy is here, and it is not.
    var loses = false

    func copy(_ link: String, as place: ArtifactID) async throws(ArchiveError) -> ArchivedResult {
        let isSlow = weather.strikes(.copySlow)
        await clock.pause(weather, milliseconds: isSlow ? 10_000...120_000 : 5...2000)
        // What is here already needs no link.
        if backing.places.contains(place) { return try await backing.copy(link, as: place) }
        guard provider.isAlive(link) else { throw .gone(message: "410") }
        if weather.strikes(.copyFails) {
            let failures: [ArchiveError] = [
                .transfer(message: "cut"), .notVideo(message: "half"), .disk(message: "full"),
            ]
            throw failures[weather.pick(0...2)]
        }
        let result = try await backing.copy(link, as: place)
        if loses { try await backing.remove(place) }
        await clock.pause(weather, milliseconds: 1...20)
        return result
    }

    func file(at place: ArtifactID) async throws(ArchiveError) -> ArchivedFile? {
        try await backing.file(at: place)
    }

    func join(recorded: String?, knowing copies: [ArtifactID]) async throws(ArchiveError) -> String {
        try await backing.join(recorded: recorded, knowing: copies)
    }

    func check() async throws(ArchiveError) { try await backing.check() }

    func remove(_ place: ArtifactID) async throws(ArchiveError) {
        await clock.pause(weather, milliseconds: 1...20)
        try await backing.remove(place)
        provider.noteRemoval(of: place.task)
        await clock.pause(weather, milliseconds: 1...20)
    }
}
