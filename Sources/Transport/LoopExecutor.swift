internal import CLinux
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs the jobs, events and timers of one event loop on one serial Dispatch queue. (Linux has no
/// `DispatchSerialQueue`.)
///
/// One read source watches the loop's epoll descriptor as long as the process lives: on Linux sources must
/// not come and go with sockets (swift-corelibs-libdispatch #833, #949). A loop is therefore never destroyed.
// @unchecked because the reactor is touched only while this object drains, which its serial queue does alone.
final class LoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// Work that came from another thread.
    enum Errand: Sendable {
        case job(UnownedJob)
        case call(@Sendable (Reactor) -> Void)
    }

    private struct Inbox {
        var errands: [Errand] = []
        /// Whether a drain is under way or on the queue, and so will look here once more.
        var isAwaited = false
    }

    // Immutable.
    private let queue: DispatchQueue
    private let source: any DispatchSourceRead
    let reactor: Reactor

    // Shared by threads.
    private let inbox = Mutex(Inbox())
    /// The thread that drains now; 0 if none does.
    private let drainingThread = Atomic<UInt>(0)

    /// Bounds of one drain: after them the queue is given back once, so that nothing else on it starves.
    private static let roundsMax = 64
    private static let jobsPerRoundMax = 1024

    init(label: String) throws(SystemFailure) {
        linux_ignore_sigpipe()  // sendfile(2) has no flag for it.
        reactor = try Reactor()
        queue = DispatchQueue(label: label)
        source = DispatchSource.makeReadSource(fileDescriptor: reactor.epoll.number, queue: queue)
        source.setEventHandler { @Sendable [self] in drain() }
        source.activate()
    }

    /// Whether the calling thread is this loop.
    var isCurrent: Bool { drainingThread.load(ordering: .relaxed) == Self.thisThread }

    private static var thisThread: UInt { UInt(pthread_self()) }

    func enqueue(_ job: consuming ExecutorJob) { submit(.job(UnownedJob(job))) }

    /// Runs work on the loop, in the order of arrival: in this turn if called on the loop.
    func submit(_ errand: Errand) {
        if isCurrent { return reactor.accept([errand]) }
        let mustWake = inbox.withLock { inbox in
            inbox.errands.append(errand)
            defer { inbox.isAwaited = true }
            return !inbox.isAwaited
        }
        if mustWake { queue.async { @Sendable [self] in drain() } }
    }

    func checkIsolated() { precondition(isCurrent, "called outside its event loop") }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func drain() {
        drainingThread.store(Self.thisThread, ordering: .relaxed)
        defer { drainingThread.store(0, ordering: .relaxed) }
        reactor.beginTurn()
        for _ in 0..<Self.roundsMax {
            takeErrands()
            runJobs()
            let delivered = reactor.deliver()
            if delivered == 0, reactor.isIdle {
                reactor.armTimer()
                if finishIfNothingCame() { return }
            }
        }
        reactor.armTimer()
        queue.async { @Sendable [self] in drain() }
    }

    private func takeErrands() {
        let errands = inbox.withLock { inbox in
            inbox.isAwaited = true
            defer { inbox.errands = [] }
            return inbox.errands
        }
        reactor.accept(errands)
    }

    private func finishIfNothingCame() -> Bool {
        inbox.withLock { inbox in
            inbox.isAwaited = !inbox.errands.isEmpty
            return !inbox.isAwaited
        }
    }

    private func runJobs() {
        for _ in 0..<Self.jobsPerRoundMax {
            switch reactor.nextWork() {
            case .errand(.job(let job)):
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            case .errand(.call(let body)): body(reactor)
            case .call(let body): body()
            case nil: return
            }
        }
    }
}
