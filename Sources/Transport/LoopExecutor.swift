internal import CLinux
internal import Dispatch
internal import Glibc
internal import Synchronization

/// Runs the jobs, events and timers of one event loop on one serial Dispatch queue. (Linux has no
/// `DispatchSerialQueue`.)
///
/// One read source watches the loop's epoll descriptor as long as the process lives: on Linux sources must
/// not come and go with sockets (swift-corelibs-libdispatch #833, #949). A loop is therefore never destroyed.
///
/// A loop that has worked waits a moment in epoll itself before it leaves the waiting to the source, whose
/// way leads through two threads: under load it is hardly taken (decision 9).
// @unchecked because the reactor is touched only while this object drains, which its serial queue does alone.
final class LoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// Work that came from another thread.
    enum ExternalWork: Sendable {
        case job(UnownedJob)
        case call(@Sendable (Reactor) -> Void)
    }

    private struct Inbox {
        enum Reader {
            /// Will look here once more: it works, or is on the queue.
            case coming
            /// Waits in epoll, and is to be rung.
            case lingering
            /// The queue has to be told.
            case away
        }

        var externalWorkItems: [ExternalWork] = []
        var reader = Reader.away
    }

    // Immutable.
    private let queue: DispatchQueue
    private let source: any DispatchSourceRead
    private let wakeup: WakeupEvent
    let reactor: Reactor

    // Shared by threads.
    private let inbox = Mutex(Inbox())
    /// The thread that drains now; 0 if none does.
    private let drainingThread = Atomic<UInt>(0)

    /// Bounds of one drain: after them the queue is given back once, so that nothing else on it starves.
    private static let roundsMax = 1024
    private static let jobsPerRoundMax = 1024
    /// How long a loop without work waits in epoll, in milliseconds.
    private static let lingering: CInt = 5

    init(label: String) throws(SystemError) {
        linux_ignore_sigpipe()  // sendfile(2) has no flag for it.
        reactor = try Reactor()
        wakeup = reactor.wakeup
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
    func submit(_ externalWork: ExternalWork) {
        if isCurrent { return reactor.accept([externalWork]) }
        let reader = inbox.withLock { inbox in
            inbox.externalWorkItems.append(externalWork)
            defer { inbox.reader = .coming }
            return inbox.reader
        }
        switch reader {
        case .coming: break
        case .lingering: wakeup.wake()
        case .away: queue.async { @Sendable [self] in drain() }
        }
    }

    func checkIsolated() { precondition(isCurrent, "called outside its event loop") }

    func isIsolatingCurrentContext() -> Bool? { isCurrent }

    private func drain() {
        drainingThread.store(Self.thisThread, ordering: .relaxed)
        defer { drainingThread.store(0, ordering: .relaxed) }
        reactor.beginTurn()
        for _ in 0..<Self.roundsMax {
            takeExternalWork()
            runJobs()
            if reactor.deliver() == 0, reactor.isIdle, leave(for: .lingering) {
                reactor.armTimer()
                if reactor.deliver(within: Self.lingering) == 0, reactor.isIdle, leave(for: .away) { return }
            }
        }
        reactor.armTimer()
        queue.async { @Sendable [self] in drain() }
    }

    private func takeExternalWork() {
        let externalWorkItems = inbox.withLock { inbox in
            inbox.reader = .coming
            defer { inbox.externalWorkItems = [] }
            return inbox.externalWorkItems
        }
        reactor.accept(externalWorkItems)
    }

    /// Looks away from the inbox, unless something is in it.
    private func leave(for reader: Inbox.Reader) -> Bool {
        inbox.withLock { inbox in
            inbox.reader = inbox.externalWorkItems.isEmpty ? reader : .coming
            return inbox.externalWorkItems.isEmpty
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
