import Synchronization
import VideoJobs

/// Removes videos whose time is over, and the oldest while all together exceed the size limit.
///
/// The oldest video is the one that was archived first. A video that is being read is removed too: its reader
/// has the file open and receives all of it.
final class RetentionService: Sendable {
    /// Why a video is removed.
    enum Reason: String {
        case age, bytes
    }

    private struct State {
        /// When the next pass is due.
        var due = MonotonicTime(milliseconds: .min)
        /// Ends the wait for it.
        var wakeup: AsyncEvent?
    }

    /// Tasks that are read at once.
    static let pageSize = 100
    private static let noticeMax: Duration = .seconds(86_400)
    /// Of the bytes at the limit, this part is announced: those that the next videos replace.
    private static let announcedShare: Int64 = 10
    /// The shortest time between two passes that ends of retention times cause.
    private static let pauseMin: Duration = .milliseconds(200)

    private let settings: GatewaySettings
    let ports: GatewayPorts
    let repository: TaskRepository
    let store: StoreHealth
    let archive: ArchiveHealth
    let space: ArchiveSpace
    let removals = RemovalsInProgress()
    /// Records what need not be announced.
    let fetches: FetchRecorder
    let steadyTime: SteadyTime
    /// One pass or eviction at a time, so that no video is removed for bytes that another one frees.
    private let work = SerialWork()
    private let state = Mutex(State())

    init(
        settings: GatewaySettings, ports: GatewayPorts, repository: TaskRepository,
        health: (store: StoreHealth, archive: ArchiveHealth), space: ArchiveSpace, steadyTime: SteadyTime
    ) {
        self.settings = settings
        self.ports = ports
        self.repository = repository
        store = health.store
        archive = health.archive
        self.space = space
        fetches = FetchRecorder(ports: ports, repository: repository)
        self.steadyTime = steadyTime
    }
}

// Passes.
extension RetentionService {
    /// Runs passes until cancelled: at each interval, when a retention time ends, and when the
    /// archive is over its limit. A pass in progress is not cancelled.
    func run() async {
        while !Task.isCancelled {
            state.withLock { $0.due = ports.clock.monotonic() + settings.retentionInterval }
            await work.run(ports) { [weak self] in await self?.pass() }
            await waitForNextPass()
        }
    }

    /// Arranges the next pass for a change of a task's content.
    func reconcile(_ record: TaskRecord) {
        guard record.state == .completed, !record.contentRemoved else { return }
        if let expires = record.contentExpires {
            let notice = record.isRemovalUnnoticed ? noticeTime : .zero
            requestPass(at: ports.clock.monotonic() + wait(for: expires + (.zero - notice)))
        }
        if let max = settings.archiveBytesMax, space.contentBytes > max {
            requestPass(at: ports.clock.monotonic())
        }
    }

    /// Removes the oldest videos, if that frees enough.
    ///
    /// - Parameter missing: returns how many bytes must be freed, given those of all content.
    func freeSpace(_ missing: @escaping @Sendable (_ content: Int64) async -> Int64) async {
        await work.run(ports) { [self] in
            do {
                try await checkArchive()
                let content = try await countContent()
                let bytes = await missing(content)
                if bytes > 0 { try await evict(downTo: content - bytes) }
            } catch {
                ports.log.debug(
                    .retentionWaiting, "no video is removed for another result",
                    metadata: ["reason": "\(error)"])
            }
        }
    }

    private func requestPass(at time: MonotonicTime) {
        let wakeup = state.withLock { state -> AsyncEvent? in
            guard time < state.due else { return nil }
            state.due = time
            return state.wakeup
        }
        wakeup?.set()
    }

    private func waitForNextPass() async {
        while !Task.isCancelled {
            let event = AsyncEvent()
            let due = state.withLock { state in
                state.wakeup = event
                return state.due
            }
            guard ports.clock.monotonic() < due else { return }
            await ports.wait(for: event, until: due)
        }
    }

    private func pass() async {
        do {
            try await checkArchive()
            let isComplete = try await removeExpired()
            if let max = settings.archiveBytesMax {
                try await evict(downTo: max)
                try await announceEvictions(beyond: max - max / Self.announcedShare)
            }
            try await announceExpiries(within: noticeTime)
            if isComplete { try await requestNextPass() }
        } catch ArchiveError.unavailable(let message) {
            ports.log.info(
                .retentionWaiting, "retention waits for the archive", metadata: ["reason": "\(message)"])
        } catch {
            ports.log.error(
                .retentionFailed, "a retention pass failed and is repeated later",
                metadata: ["reason": "\(error)"])
        }
    }

    /// Arranges the pass at which the next retention time ends, or is to be announced.
    private func requestNextPass() async throws(StoreError) {
        let ends = try await page(.expiry(by: nil), limit: 1).compactMap(\.contentExpires)
        let notices = try await page(.unnoticedExpiry(by: nil), limit: 1).compactMap(\.contentExpires)
            .map { $0 + (.zero - noticeTime) }
        guard let next = (ends + notices).min() else { return }
        requestPass(at: ports.clock.monotonic() + max(wait(for: next), Self.pauseMin))
    }

    /// How long before the end of its time the removal of a video is announced.
    var noticeTime: Duration { settings.keep.map { min($0 / 2, Self.noticeMax) } ?? Self.noticeMax }

    /// In another folder nothing would be found, and all would look removed.
    private func checkArchive() async throws(ArchiveError) {
        try await archive.recordingFailures { () throws(ArchiveError) in try await ports.archive.check() }
    }

    /// Returns how long a video is still kept.
    private func wait(for expires: Timestamp) -> Duration { max(.zero, expires - steadyTime.earliest) }
}
