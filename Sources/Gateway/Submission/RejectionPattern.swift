import VideoJobs

/// Jobs that the provider rejects, apparently for one reason, and the known bounds of that reason.
///
/// The reason is assumed to be a combination of traits: a model, a prompt, a model at a resolution. Two rules
/// narrow it down:
/// - Every job rejected for it has the whole combination. So the combination is a part of `sharedTraits`, the
///   traits that all rejected jobs share.
/// - No accepted job has the whole combination. So it is not a part of the shared traits that an accepted job
///   has as well.
///
/// A job with all shared traits *matches*: it waits for the next probe of the pattern. A job whose part of
/// the shared traits an accepted job has as well is *excluded* from the pattern: it is sent. Any other job is
/// *undetermined*: such jobs are probed one at a time, those with the fewest shared traits first. Each probe
/// either excludes more jobs or removes shared traits.
///
/// The rejection of two different jobs may have one reason that concerns every job, or two reasons. Until a
/// job is accepted the pattern is *account-wide*: a job that differs from all rejected ones is probed after
/// the backoff, even before the `Retry-After` of the rejected ones. Only a 429 delays such jobs too, because
/// rate limits are per account. If a job with all shared traits is accepted, the pattern is split into one
/// pattern for each rejected job.
struct RejectionPattern {
    /// How a job relates to the pattern.
    enum Match { case matching, undetermined, excluded }

    /// A submission that tests the pattern.
    struct Probe: Equatable {
        var id: TaskID
        var match: Match
    }

    /// A rejected job, and the earliest next attempt of equal jobs.
    struct RejectedJob {
        var traits: JobTraits
        var until: MonotonicTime
    }

    /// The number of waiting jobs that are compared to find the best candidate.
    static let comparedMax = 1000
    /// The number of accepted combinations that are kept.
    static let acceptedMax = 64
    /// The number of rejected jobs that are kept.
    static let rejectedJobsMax = 8

    /// The traits that all rejected jobs share.
    var sharedTraits: JobTraits
    /// For each accepted job, the shared traits that it has as well, and the same as bit masks.
    var acceptedTraits: [JobTraits] = []
    var acceptedMasks: [UInt64] = []
    /// The rejected jobs, the latest last.
    var rejectedJobs: [RejectedJob]
    /// The reason that the provider gave last.
    var reason: BlockReason
    /// The number of consecutive rejected attempts.
    var rejections = 1
    /// The earliest probe with a matching job.
    var nextMatchingProbe: MonotonicTime
    /// The earliest probe with an undetermined job: at once after the first rejection.
    var nextUndeterminedProbe: MonotonicTime
    /// While account-wide: the earliest probe with a job that was never rejected and differs from all
    /// rejected jobs. Repeated rejections of one task do not delay it.
    var nextDifferentProbe: MonotonicTime
    /// Whether two different jobs were rejected and no job was accepted between or since.
    var isAccountWide = false
    /// The probe in flight.
    var probe: Probe?
    /// Whether a job was accepted since the last rejection of an undetermined job.
    var hasAcceptedSince = false
    /// The ordinal of the last rejection.
    var lastRejection: Int

    /// Waiting jobs that match.
    var matching = QueuedTaskList()
    /// Waiting jobs that are undetermined.
    var undetermined = QueuedTaskList()

    /// Creates the pattern of a first rejected job.
    init(_ traits: JobTraits, _ attempt: RejectedAttempt) {
        sharedTraits = traits
        reason = attempt.reason
        nextMatchingProbe = attempt.time + attempt.retry.delay(after: 1)
        rejectedJobs = [RejectedJob(traits: traits, until: nextMatchingProbe)]
        nextUndeterminedProbe = attempt.time
        nextDifferentProbe = attempt.time
        lastRejection = attempt.number
    }

    /// Whether a job was accepted, so that the rejection does not concern the whole account.
    var hasAcceptedTraits: Bool { !acceptedTraits.isEmpty }

    /// Returns how a job relates to the pattern.
    func match(of traits: JobTraits) -> Match {
        let mask = sharedTraits.mask(of: traits)
        if mask == sharedTraits.fullMask { return .matching }
        return acceptedMasks.contains { mask & ~$0 == 0 } ? .excluded : .undetermined
    }

    /// Adds a waiting job.
    mutating func add(_ task: QueuedTask, _ match: Match) {
        if match == .matching { matching.insert(task) } else { undetermined.insert(task) }
    }

    /// Removes the waiting job with this number; `nil` if it does not wait here.
    mutating func remove(number: UInt64) -> QueuedTask? {
        matching.remove(number: number) ?? undetermined.remove(number: number)
    }
}
