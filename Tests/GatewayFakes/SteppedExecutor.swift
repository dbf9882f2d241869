import Synchronization

/// Runs asynchronous work on the calling thread, one job at a time, until none is runnable: no thread, no
/// race, no waiting for time to pass.
package final class SteppedExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let dead = Atomic<Bool>(false)

    package init() {}

    package func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        guard !dead.load(ordering: .relaxed) else { return }
        jobs.withLock { $0.append(job) }
    }

    /// How many jobs could run now.
    package var runnable: Int { jobs.withLock { $0.count } }

    /// Runs the one job that is chosen by its place among the runnable ones; there must be one.
    package func step(choosing choose: (_ count: Int) -> Int) {
        let job = jobs.withLock { jobs in jobs.remove(at: choose(jobs.count)) }
        unsafe job.runSynchronously(on: asUnownedTaskExecutor())
    }

    /// Ends all work where it stands, as a crash does: nothing of it ever runs again, whoever wakes it.
    package func die() {
        dead.store(true, ordering: .relaxed)
        jobs.withLock { $0 = [] }
    }

    /// Runs what is runnable and what that makes runnable. Returns whether there was anything.
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

    /// Starts work and runs until idle; returns its result, or `nil` while it waits for something.
    package func start<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Started<Value> {
        let started = begin(work)
        runUntilIdle()
        return started
    }

    /// Starts work without running it, so that several begin at once.
    @discardableResult
    package func begin<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Started<Value> {
        let started = Started<Value>()
        let task = Task(executorPreference: self) { started.end(with: await work()) }
        started.remember { task.cancel() }
        runUntilIdle()
        return started
    }
}

/// Work that was started and may still wait.
package final class Started<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var cancel: (@Sendable () -> Void)?
    }

    private let state = Mutex(State())

    fileprivate init() {}

    /// What the work returned, once it has.
    package var result: Value? { state.withLock { $0.value } }

    /// Cancels the work's task.
    package func cancel() { state.withLock { $0.cancel }?() }

    fileprivate func end(with value: Value) { state.withLock { $0.value = value } }
    fileprivate func remember(_ cancel: @escaping @Sendable () -> Void) {
        state.withLock { $0.cancel = cancel }
    }
}
