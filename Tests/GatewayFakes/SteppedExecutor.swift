import Synchronization

/// A task executor that runs its jobs on the calling thread, one at a time, so that tests have no races and
/// do not wait.
package final class SteppedExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let isTerminated = Atomic<Bool>(false)

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard !isTerminated.load(ordering: .relaxed) else { return }
        jobs.withLock { $0.append(job) }
    }

    /// The number of runnable jobs.
    package var runnable: Int { jobs.withLock { $0.count } }

    /// Runs one runnable job, chosen by its index; there must be one.
    package func step(choosing choose: (_ count: Int) -> Int) {
        let job = jobs.withLock { jobs in jobs.remove(at: choose(jobs.count)) }
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }

    /// Discards all work at once, as a crash does. No job of it runs again.
    package func terminate() {
        isTerminated.store(true, ordering: .relaxed)
        jobs.withLock { $0 = [] }
    }

    /// Runs jobs until none is runnable. Returns whether any ran.
    @discardableResult
    package func runUntilIdle() -> Bool {
        var ran = false
        while true {
            let round = jobs.withLock { jobs in
                defer { jobs = [] }
                return jobs
            }
            guard !round.isEmpty else { return ran }
            for job in round { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
            ran = true
        }
    }

    /// Starts work and runs until no job is runnable.
    package func start<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> StartedWork<Value> {
        let started = begin(work)
        runUntilIdle()
        return started
    }

    /// Starts work; it runs until it waits.
    @discardableResult
    package func begin<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> StartedWork<Value> {
        let started = StartedWork<Value>()
        let task = Task(executorPreference: self) { started.end(with: await work()) }
        started.onCancel { task.cancel() }
        runUntilIdle()
        return started
    }
}
