import HTTPServing
import Synchronization

/// One open event stream of the simulator: its own events, by number or by time, and those sent to all.
final class SimulatedEvents: BodySource {
    /// The parameters of a stream.
    struct Plan: Equatable, Sendable {
        /// Its own events, after which it ends; `nil` for one without end.
        var events: Int?
        /// The pause before each of its own events; zero to send them as fast as they are read.
        var interval: Duration = .zero
    }

    private struct State {
        var sent = 0
        /// Own events that may have been sent by now.
        var due: Int
        var timer: Task<Void, Never>?
    }

    let isEvictable = true
    private let plan: Plan
    private let streams: SimulatorStreams
    private let channel: BodyChannel
    private let state: Mutex<State>

    /// Own events that a slow reader may lag behind.
    private static let lagMax = 1000
    private static let eventBytesMax = 64

    init(_ plan: Plan, of streams: SimulatorStreams) {
        self.plan = plan
        self.streams = streams
        channel = BodyChannel(byteLimit: SimulatorStreams.heldBytesMax)
        state = Mutex(State(due: plan.interval == .zero ? plan.events ?? 0 : 0))
    }

    /// Sends an event beside its own; false if its client is too slow, and is cut off.
    func send(_ event: [UInt8]) -> Bool { channel.send(event) }

    /// Ends after what was sent to it.
    func finish() { channel.finish() }

    func open(_ wakeup: BodyWakeup) {
        channel.open(wakeup)
        streams.insert(self)
        guard plan.interval > .zero else { return }
        let timer = Task { [weak self, interval = plan.interval, pause = streams.pause] in
            while !Task.isCancelled {
                await pause(interval)
                guard let hasMore = self?.tick() else { return }
                wakeup.resume()
                if !hasMore { return }
            }
        }
        state.withLock { $0.timer = timer }
    }

    func read(upTo limit: Int) -> BodyRead {
        var read = channel.read(upTo: limit)
        if read == .pending { read = readOwnEvents(upTo: limit) }
        if read == .end { leave() }
        return read
    }

    func beginDraining() { channel.beginDraining() }

    func cancel() {
        channel.cancel()
        leave()
    }

    private func leave() {
        streams.remove(self)
        state.withLock { $0.timer.take() }?.cancel()
    }

    /// Makes one more event due; false when that was the last.
    private func tick() -> Bool {
        state.withLock { state in
            state.due = min(state.due + 1, state.sent + Self.lagMax, plan.events ?? .max)
            return state.due < plan.events ?? .max
        }
    }

    private func readOwnEvents(upTo limit: Int) -> BodyRead {
        state.withLock { state in
            var bytes: [UInt8] = []
            while state.sent < state.due, bytes.isEmpty || bytes.count + Self.eventBytesMax <= limit {
                state.sent += 1
                bytes.append(contentsOf: "id: \(state.sent)\ndata: event \(state.sent)\n\n".utf8)
            }
            if !bytes.isEmpty { return .bytes(bytes[...]) }
            return state.sent == plan.events ? .end : .pending
        }
    }
}
