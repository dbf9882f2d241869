package import VideoJobs

/// The account that everyone shares.
package protocol VideoProvider: Sendable {
    /// Sends one paid job, once, and says what became of it. Never throws: every ending is a verdict.
    func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict
    /// Asks for the state of one task.
    func poll(_ id: ProviderTaskID) async -> PollOutcome
}

/// Time as the gateway sees it. Wall time is for records; every interval runs on the monotonic clock.
package protocol GatewayClock: Sendable {
    func now() -> Timestamp
    func monotonic() -> MonotonicTime
    /// Returns at the given time, or at once when the surrounding task is cancelled.
    func sleep(until time: MonotonicTime) async
}

/// Wall time carried on by the monotonic clock: what an administrator or NTP does to the wall clock meanwhile
/// does not touch it.
struct SteadyTime: Sendable {
    private let clock: any GatewayClock
    private let wall: Timestamp
    private let start: MonotonicTime

    init(_ clock: any GatewayClock) {
        self.clock = clock
        wall = clock.now()
        start = clock.monotonic()
    }

    private var now: Timestamp { wall + (clock.monotonic() - start) }

    /// The earlier of both: nothing that is over by it can be over too soon.
    var earliest: Timestamp { min(now, clock.now()) }
    /// The later of both: what is to last from it lasts long enough.
    var latest: Timestamp { max(now, clock.now()) }
}

/// A point on a clock that never jumps, in milliseconds since an arbitrary start.
package struct MonotonicTime: Hashable, Comparable, Sendable {
    package var milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package static func < (one: MonotonicTime, other: MonotonicTime) -> Bool {
        one.milliseconds < other.milliseconds
    }

    package static func + (time: MonotonicTime, interval: Duration) -> MonotonicTime {
        MonotonicTime(milliseconds: time.milliseconds + interval.milliseconds)
    }

    package static func - (one: MonotonicTime, other: MonotonicTime) -> Duration {
        .milliseconds(one.milliseconds - other.milliseconds)
    }
}

/// Our copies of finished videos.
package protocol ResultArchive: Sendable {
    /// Copies what a provider's link shows, verifies it and makes it durable (temporary file, fsync, rename,
    /// fsync of the folder). Idempotent: a copy that is already there is verified and kept.
    func copy(_ link: String, as place: ArtifactID) async throws(ArchiveError) -> ArchivedResult
    /// The file of a copy; `nil` if it is missing from an archive that is otherwise in order.
    func file(at place: ArtifactID) async throws(ArchiveError) -> ArchivedFile?
    /// Removes a copy; none there is no error.
    func remove(_ place: ArtifactID) async throws(ArchiveError)
    /// Joins the archive to a store and returns the id of its marker. With a recorded id the folder is used
    /// only while it bears that marker; without, it is marked, or the marker that it bears is taken over.
    /// Throws `unavailable` if it is not that archive: none of the copies that the store knows is there.
    func join(recorded: String?, knowing copies: [ArtifactID]) async throws(ArchiveError) -> String
    /// Throws `unavailable` while the archive does not bear the marker that it was joined by.
    func check() async throws(ArchiveError)
}

/// Names one video of one task.
package struct ArtifactID: Hashable, Sendable {
    package var task: TaskID
    /// Counted from 0.
    package var index: Int

    package init(task: TaskID, index: Int) {
        self.task = task
        self.index = index
    }
}

package struct ArchivedFile: Equatable, Sendable {
    package var path: String
    package var bytes: Int64

    package init(path: String, bytes: Int64) {
        self.path = path
        self.bytes = bytes
    }
}

/// Why a copy failed. All but `gone` are worth another try; none ever causes another POST.
package enum ArchiveError: Error, Equatable, Sendable {
    /// The link is dead (403, 404, 410): ask the provider for a fresh one.
    case gone(message: String)
    /// The download failed or was cut.
    ///
    /// - Parameter retryAfter: how long the host asks to wait.
    case transfer(message: String, retryAfter: Duration? = nil)
    /// What came is no whole MP4, or not of the stated length.
    case notVideo(message: String)
    /// Our disk: full, read-only, missing.
    case disk(message: String)
    /// Larger than the archive may grow.
    case tooLarge(message: String)
    /// The folder is not the archive that belongs to the store: not mounted, replaced, or not readable.
    /// Nothing is written into it.
    case unavailable(message: String)
}
