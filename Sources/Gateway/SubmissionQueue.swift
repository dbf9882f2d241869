import DequeModule
import VideoJobs

/// Who is sent next, and whether anything may be sent at all: a value that decides and does nothing.
///
/// All tasks share one account. So a refusal that is not about the job (unreachable, rate limited,
/// credentials, quota) closes the gate for all, and when its time is over a single job goes first, as the
/// probe.
struct SubmissionQueue {
    struct Place: Equatable {
        let number: UInt64
        let id: TaskID
        /// Kept for jobs that are sent soon; the store has it otherwise.
        var payload: [UInt8]?
    }

    /// What the ending of one submission says of the account.
    enum Ending: Equatable {
        /// It answered: accepted or refused.
        case answered
        /// The reply was lost.
        case unknown
        /// Not taken; the job stays, and all wait.
        case notAccepted(SubmissionObstacle)
    }

    private enum Gate {
        case open
        case closed(SubmissionObstacle, refusals: Int, until: MonotonicTime, probe: TaskID?)
    }

    let limit: Int
    /// In order of their numbers.
    private var waiting: Deque<Place> = []
    private var numbers: [TaskID: UInt64] = [:]
    private var occupied: Set<TaskID> = []
    private var gate = Gate.open
    private var unknownsInARow = 0
    private var lastNumber: UInt64 = 0
    private var stopped = false
    /// Whether nothing is sent until an operator resumes.
    private(set) var isPaused = false
    /// Nothing is sent before this while the store cannot note it.
    private var heldUntil: MonotonicTime?

    /// - Parameter limit: places at the provider (`provider.max_in_flight`).
    init(limit: Int) { self.limit = limit }

    var count: Int { waiting.count }

    /// Why nothing gets through, while that lasts: at least for as long as somebody waits who does not.
    func obstacle(at now: MonotonicTime) -> (SubmissionObstacle, until: MonotonicTime)? {
        guard case .closed(let obstacle, _, let until, let probe) = gate else { return nil }
        // With nobody left to be the probe, it would never be over otherwise.
        return now < until || probe != nil || !waiting.isEmpty ? (obstacle, until) : nil
    }

    /// How often in a row the gate's probe was refused.
    var refusals: Int {
        guard case .closed(_, let refusals, _, _) = gate else { return 0 }
        return refusals
    }

    /// Takes a task in, behind all others, unless it waits already.
    mutating func enqueue(_ id: TaskID, payload: [UInt8]?) {
        guard numbers[id] == nil else { return }
        lastNumber += 1
        numbers[id] = lastNumber
        waiting.append(Place(number: lastNumber, id: id, payload: payload))
    }

    /// Whether it waits here, or has a place at the provider.
    func knows(_ id: TaskID) -> Bool { numbers[id] != nil || occupied.contains(id) }

    /// Counts a task that is already running at the provider.
    mutating func occupy(_ id: TaskID) { occupied.insert(id) }

    /// Frees the place of a task that is no longer running.
    mutating func release(_ id: TaskID) { occupied.remove(id) }

    /// Takes a task out that is no longer wanted.
    mutating func withdraw(_ id: TaskID) {
        guard let number = numbers.removeValue(forKey: id) else { return }
        waiting.remove(at: index(of: number))
    }

    /// Sends nothing further.
    mutating func stop() { stopped = true }

    /// Sends nothing further until it is resumed.
    mutating func pause() { isPaused = true }

    /// Ends the pause. Returns whether there was one.
    mutating func resume() -> Bool {
        defer { isPaused = false }
        return isPaused
    }

    /// The next task to send, which then occupies a place; `nil` while none may be sent.
    mutating func takeNext(at now: MonotonicTime) -> Place? {
        guard !stopped, !isPaused, occupied.count < limit, let place = waiting.first else { return nil }
        if let heldUntil, now < heldUntil { return nil }
        switch gate {
        case .open: break
        case .closed(_, _, let until, let probe) where probe != nil || now < until: return nil
        case .closed(let obstacle, let refusals, let until, _):
            gate = .closed(obstacle, refusals: refusals, until: until, probe: place.id)
        }
        waiting.removeFirst()
        numbers[place.id] = nil
        occupied.insert(place.id)
        return place
    }

    /// Puts a task back because the store could not note its sending, and holds all until then.
    mutating func hold(_ place: Place, until time: MonotonicTime) {
        endProbe(place.id)
        putBack(place)
        heldUntil = time
    }

    /// Forgets a task that turned out not to be sent at all, or not from here: then it keeps its place at the
    /// provider.
    mutating func drop(_ place: Place, keepingPlace runs: Bool = false) {
        endProbe(place.id)
        if !runs { release(place.id) }
    }

    /// Puts a task back to where it stood, nothing having been sent.
    private mutating func putBack(_ place: Place) {
        occupied.remove(place.id)
        numbers[place.id] = place.number
        waiting.insert(place, at: index(of: place.number))
    }

    /// Notes how a submission ended. `delay` is how long to wait if this closes the gate (again).
    mutating func ended(_ place: Place, _ ending: Ending, delay: Duration, at now: MonotonicTime) {
        switch ending {
        case .answered:
            unknownsInARow = 0
            gate = .open
        case .unknown:
            // A provider that loses one reply may lose the next: do not turn the whole queue uncertain.
            unknownsInARow += 1
            if unknownsInARow > 1 {
                close(.providerUnreachable, place.id, until: now + delay)
            } else {
                endProbe(place.id)
            }
        case .notAccepted(let obstacle):
            putBack(place)
            close(obstacle, place.id, until: now + delay)
        }
    }

    /// Forgets that a task was the probe, without an answer from the provider.
    private mutating func endProbe(_ id: TaskID) {
        guard case .closed(let obstacle, let refusals, let until, id?) = gate else { return }
        gate = .closed(obstacle, refusals: refusals, until: until, probe: nil)
    }

    /// When to look again although nothing happened; `nil` if there is nobody to send or something will
    /// happen first.
    var nextLook: MonotonicTime? {
        guard !waiting.isEmpty else { return nil }
        guard case .closed(_, _, let until, nil) = gate else { return heldUntil }
        return max(until, heldUntil ?? until)
    }

    /// 1 for the next to be sent; `nil` if it does not wait.
    func position(of id: TaskID) -> Int? {
        numbers[id].map { index(of: $0) + 1 }
    }

    /// Where a number stands or would stand.
    private func index(of number: UInt64) -> Int {
        var low = 0
        var high = waiting.count
        while low < high {
            let middle = (low + high) / 2
            if waiting[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private mutating func close(_ obstacle: SubmissionObstacle, _ id: TaskID, until: MonotonicTime) {
        switch gate {
        case .open:
            gate = .closed(obstacle, refusals: 1, until: until, probe: nil)
        case .closed(_, let refusals, _, id?):
            gate = .closed(obstacle, refusals: refusals + 1, until: until, probe: nil)
        case .closed(let obstacle, let refusals, let earlier, nil):
            // One of those that were on their way when the gate closed: counted once, but its wish holds.
            gate = .closed(obstacle, refusals: refusals, until: max(earlier, until), probe: nil)
        case .closed:
            break
        }
    }
}
