import Gateway
import HTTPServing
import Synchronization
import VideoJobs

/// The body of one event stream.
///
/// Holds a position and at most one page of texts. Changes are taken from the topic when the client can
/// receive them, so a slow client costs no more than a fast one.
final class EventStream: BodySource {
    private struct State {
        var cursor: EventCursor
        /// What is to be sent, the next one first.
        var texts: [ArraySlice<UInt8>]
        var isReading = false
        var isDraining = false
        var isClosed = false
        var wakeup: BodyWakeup?
        /// Its slot of the heartbeat, and the comments that were due there when it last looked.
        var slot = 0
        var beats = 0
        /// The policy epoch for which the caller is known to be allowed.
        var epoch: Int
    }

    /// What is to be done after a read, outside the lock.
    private enum Step { case nothing, readPage(EventCursor), close }

    let isEvictable = true
    private let pages: EventPages
    private let hub: EventHub
    private let topic: EventTopic
    private let permit: Mutex<StreamLimiter.Permit?>
    private let state: Mutex<State>

    /// Subscribes to changes from now on; what happened before is read from the cursor on.
    init(
        _ pages: EventPages, from cursor: EventCursor, _ hub: EventHub, _ permit: StreamLimiter.Permit
    ) {
        self.pages = pages
        self.hub = hub
        self.permit = Mutex(permit)
        topic = hub.subscribe(to: pages.subscription.subject)
        var cursor = cursor
        if case .resuming(let position, _, _, _) = cursor, topic.contains(position) {
            cursor = .live(after: position)
        }
        let epoch = pages.gateway.policy.current
        state = Mutex(State(cursor: cursor, texts: [EventText.opening[...]], epoch: epoch))
    }

    deinit { close() }

    func open(_ wakeup: BodyWakeup) {
        topic.insert(wakeup)
        let slot = hub.heartbeat.join(wakeup, in: pages.gateway)
        let beats = hub.heartbeat.beats(of: slot)
        state.withLock { state in
            state.wakeup = wakeup
            (state.slot, state.beats) = (slot, beats)
        }
    }

    func read(upTo limit: Int) -> BodyRead {
        let (read, step) = state.withLock { state in next(&state, upTo: limit) }
        switch step {
        case .nothing: break
        case .readPage(let cursor):
            hub.reads.submit(in: pages.gateway) { [self] in await readPage(at: cursor) }
        case .close: close()
        }
        return read
    }

    /// Ends the stream after what it holds: its client can connect elsewhere, and continues there.
    func beginDraining() {
        let wakeup = state.withLock { state in
            state.isDraining = true
            return state.wakeup
        }
        wakeup?.resume()
    }

    func cancel() { close() }

    private func close() {
        let (wakeup, slot) = state.withLock { state -> (BodyWakeup?, Int) in
            state.isClosed = true
            state.texts = []
            defer { state.wakeup = nil }
            return (state.wakeup, state.slot)
        }
        if let wakeup {
            topic.remove(wakeup)
            hub.heartbeat.leave(wakeup, slot: slot)
        }
        if permit.withLock({ $0.take() }) != nil { hub.unsubscribe(from: topic) }
    }
}

// What is sent next.
extension EventStream {
    private func next(_ state: inout State, upTo limit: Int) -> (BodyRead, Step) {
        if !isAllowed(&state) { return (.end, .close) }
        if state.texts.isEmpty { takeChange(&state) }
        if let text = state.texts.first {
            if text.count > limit {
                state.texts[0] = text.dropFirst(limit)
                return (.bytes(text.prefix(limit)), .nothing)
            }
            state.texts.removeFirst()
            return (.bytes(text), .nothing)
        }
        if state.isDraining { return (.end, .close) }
        switch state.cursor {
        case .ended: return (.end, .close)
        case .live: return (.pending, .nothing)
        case .resuming, .snapshot:
            if state.isReading { return (.pending, .nothing) }
            state.isReading = true
            return (.pending, .readPage(state.cursor))
        }
    }

    /// Takes the next change that the stream includes, or a comment if one is due.
    private func takeChange(_ state: inout State) {
        while case .live(let position, let snapshot) = state.cursor {
            switch topic.next(after: position) {
            case .nothing: return takeComment(&state)
            case .dropped:
                state.cursor = .resuming(after: position, isVerified: true, sent: 0, beyond: snapshot)
            case .event(let event, let next):
                state.cursor = .live(after: next, beyond: snapshot?.isOver(at: next) == true ? nil : snapshot)
                guard snapshot?.contains(event.record) != true, pages.subscription.includes(event.record)
                else { continue }
                state.texts = [pages.text(of: event)[...]]
                if case .task = topic.subject, event.record.state.isFinal { state.cursor = .ended }
                return
            }
        }
    }

    private func takeComment(_ state: inout State) {
        let beats = hub.heartbeat.beats(of: state.slot)
        guard beats != state.beats else { return }
        state.beats = beats
        state.texts = [EventText.comment[...]]
    }

    /// Whether the caller still may see what it subscribed to. Looked at when a token, a role or a session
    /// has changed, and with each comment, because tokens and sessions expire.
    private func isAllowed(_ state: inout State) -> Bool {
        let epoch = pages.gateway.policy.current
        let isDue = state.wakeup != nil && hub.heartbeat.beats(of: state.slot) != state.beats
        guard epoch != state.epoch || isDue else { return true }
        state.epoch = epoch
        let subscribed = pages.subscription
        guard let caller = subscribed.credential.caller(in: pages.gateway) else { return false }
        return caller.client == subscribed.caller.client && caller.isOperator == subscribed.caller.isOperator
    }
}

// What was stored.
extension EventStream {
    private func readPage(at cursor: EventCursor) async {
        if state.withLock(\.isClosed) { return }
        do throws(GatewayError) {
            receive(try await pages.page(at: cursor))
        } catch {
            // The client connects again, and continues.
            state.withLock(\.wakeup)?.abort()
        }
    }

    private func receive(_ page: EventPage) {
        let wakeup = state.withLock { state -> BodyWakeup? in
            guard !state.isClosed else { return nil }
            state.isReading = false
            state.cursor = page.next
            state.texts = page.texts.map { $0[...] }
            return state.wakeup
        }
        wakeup?.resume()
    }
}
