internal import CLinux
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs the jobs, events and timers of one event loop on one serial Dispatch queue. (Linux has no
/// `DispatchSerialQueue`.)
///
/// One read source watches the loop's epoll descriptor for the life of the process: on Linux, sources must
/// not come and go with sockets (swift-corelibs-libdispatch #833, #949). A loop is therefore never destroyed.
///
/// After work the loop waits a moment in epoll itself before it relies on the source, whose path takes two
/// threads: under load that path is rarely taken (decision 9).
// @unchecked because the reactor is touched only while this object drains, which its serial queue does alone.
final class LoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// Work submitted from another thread.
    enum ExternalWork: Sendable {
        case job(UnownedJob)
        case call(@Sendable (Reactor) -> Void)
    }

    private struct Inbox {
        enum Reader {
            /// Will check the inbox again: running or enqueued.
            case active
            /// Waiting in epoll; must be woken.
            case waiting
            /// Not running; must be enqueued on the Dispatch queue.
            case idle
        }

        var submittedWork: [ExternalWork] = []
        var reader = Reader.idle
    }

    // Immutable.
    private let queue: DispatchQueue
    private let source: any DispatchSourceRead
    private let wakeup: WakeupEvent
    let reactor: Reactor

    // Shared by threads.
    private let inbox = Mutex(Inbox())
    /// The thread that runs the loop now; 0 if none does.
    private let drainingThread = Atomic<UInt>(0)

    /// Bounds of one run of the loop; then it yields the queue, so that other work on it does not starve.
    private static let roundsMax = 1024
    private static let jobsPerRoundMax = 1024
    /// How long an idle loop waits in epoll, in milliseconds.
    private static let idleWait: CInt = 5

    init(label: String) throws(SystemError) {
        linux_ignore_sigpipe()  // sendfile(2) has no flag for it.
        reactor = try Reactor()
        wakeup = reactor.wakeup
        queue = DispatchQueue(label: label)
        source = DispatchSource.makeReadSource(fileDescriptor: reactor.epoll.fileDescriptor, queue: queue)
        source.setEventHandler { @Sendable [self] in drain() }
        source.activate()
    }

    /// Whether the caller runs on this loop.
    var isCurrent: Bool { drainingThread.load(ordering: .relaxed) == Self.thisThread }

    private static var thisThread: UInt { UInt(pthread_self()) }

    func enqueue(_ job: consuming ExecutorJob) { submit(.job(UnownedJob(job))) }

    /// Runs work on the loop in order of submission; in this turn if called on the loop.
    func submit(_ work: ExternalWork) {
        if isCurrent { return reactor.accept([work]) }
        let reader = inbox.withLock { inbox in
            inbox.submittedWork.append(work)
            defer { inbox.reader = .active }
            return inbox.reader
        }
        switch reader {
        case .active: break
        case .waiting: wakeup.wake()
        case .idle: queue.async { @Sendable [self] in drain() }
        }
    }

    func checkIsolated() { precondition(isCurrent, "called outside its event loop") }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func drain() {
        drainingThread.store(Self.thisThread, ordering: .relaxed)
        defer { drainingThread.store(0, ordering: .relaxed) }
        reactor.beginTurn()
        for _ in 0..<Self.roundsMax {
            drainInbox()
            runJobs()
            if reactor.deliver() == 0, reactor.isIdle, stopReading(as: .waiting) {
                reactor.armTimer()
                if reactor.deliver(within: Self.idleWait) == 0, reactor.isIdle, stopReading(as: .idle) {
                    return
                }
            }
        }
        reactor.armTimer()
        queue.async { @Sendable [self] in drain() }
    }

    private func drainInbox() {
        let work = inbox.withLock { inbox in
            inbox.reader = .active
            defer { inbox.submittedWork = [] }
            return inbox.submittedWork
        }
        reactor.accept(work)
    }

    /// Stops checking the inbox unless it holds work. Returns whether it was empty.
    private func stopReading(as reader: Inbox.Reader) -> Bool {
        inbox.withLock { inbox in
            inbox.reader = inbox.submittedWork.isEmpty ? reader : .active
            return inbox.submittedWork.isEmpty
        }
    }

    private func runJobs() {
        for _ in 0..<Self.jobsPerRoundMax {
            switch reactor.nextWork() {
            case .externalWork(.job(let job)):
                unsafe job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
            case .externalWork(.call(let body)): body(reactor)
            case .call(let body): body()
            case nil: return
            }
        }
    }
}
