import Gateway
import Synchronization

/// Runs a bounded number of pieces of work at once, and the others after them in order of arrival.
final class LimitedWork: Sendable {
    typealias Work = @Sendable () async -> Void

    private struct State {
        var running = 0
        var arrived: [Work] = []
        /// The next to run, last first.
        var next: [Work] = []

        mutating func take() -> Work? {
            if next.isEmpty {
                next = arrived.reversed()
                arrived = []
            }
            return next.popLast()
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    /// Runs a piece of work now or when others have ended.
    func submit(in gateway: VideoGateway, _ work: @escaping Work) {
        let starts = state.withLock { state in
            state.arrived.append(work)
            guard state.running < limit else { return false }
            state.running += 1
            return true
        }
        guard starts else { return }
        gateway.start { [self] in
            while let work = next() { await work() }
        }
    }

    private func next() -> Work? {
        state.withLock { state in
            let work = state.take()
            if work == nil { state.running -= 1 }
            return work
        }
    }
}
