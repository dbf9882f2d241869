import Synchronization
import VideoJobs

/// The callers that wait for changes of tasks: one small record each, and one timer for all deadlines.
final class TaskWaits: Sendable {
    private typealias Queue = WaitQueue<CheckedContinuation<WaitOutcome, Never>>

    private struct State {
        var queue = Queue()
        var lastNumber: UInt64 = 0
    }

    private let clock: any GatewayClock
    private let timer: ReschedulableTimer
    private let state = Mutex(State())

    init(ports: GatewayPorts) {
        clock = ports.clock
        timer = ReschedulableTimer(ports: ports)
    }

    /// Callers that wait now.
    var count: Int { state.withLock { $0.queue.count } }

    /// Returns when the condition holds for the task, at the deadline, or when the surrounding task is
    /// cancelled.
    ///
    /// - Parameter current: Returns the newest record; looked at after the registration, so that no
    ///   publication is missed.
    func wait(
        for id: TaskID, until deadline: MonotonicTime, current: @Sendable () -> TaskRecord?,
        condition: @escaping @Sendable (TaskRecord) -> Bool
    ) async -> WaitOutcome {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waiter = Queue.Waiter(
                    task: id, deadline: deadline, condition: condition, continuation: continuation)
                state.withLock { $0.queue.insert(waiter, as: number) }
                if Task.isCancelled { return end(number, as: .cancelled) }
                if let record = current(), condition(record) { return end(number, as: .satisfied) }
                setTimer(for: deadline)
            }
        } onCancel: {
            end(number, as: .cancelled)
        }
    }

    /// Resumes the callers that a published record satisfies.
    func resume(satisfiedBy record: TaskRecord) {
        resume(as: .satisfied) { $0.removeSatisfied(by: record) }
    }

    /// Resumes all callers that wait for certain tasks.
    func endAll(as outcome: WaitOutcome, where isIncluded: (TaskID) -> Bool = { _ in true }) {
        resume(as: outcome) { $0.removeAll(where: isIncluded) }
    }

    private func end(_ number: UInt64, as outcome: WaitOutcome) {
        state.withLock { $0.queue.remove(number) }?.continuation.resume(returning: outcome)
    }

    private func resume(as outcome: WaitOutcome, _ remove: (inout Queue) -> [Queue.Waiter]) {
        for waiter in state.withLock({ remove(&$0.queue) }) { waiter.continuation.resume(returning: outcome) }
    }

    private func setTimer(for deadline: MonotonicTime) {
        timer.set(for: deadline) { [weak self] in self?.endDue() }
    }

    private func endDue() {
        let now = clock.monotonic()
        resume(as: .timedOut) { $0.removeDue(at: now) }
        if let next = state.withLock({ $0.queue.nextDeadline }) { setTimer(for: next) }
    }
}
