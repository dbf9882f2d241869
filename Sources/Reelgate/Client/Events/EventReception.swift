import Synchronization

/// What was received of an event stream, over all its connections.
final class EventReception: Sendable {
    /// Ends a transfer.
    private struct EndError: Error {}

    private struct State {
        var parser = ServerSentEventParser()
        var hasEvents = false
        var wasConnected = false
        var isEnough = false
        var failure: (any Error)?
    }

    private let receiver: @Sendable (ServerSentEventParser.Event) throws -> Bool
    private let state = Mutex(State())

    /// - Parameter receiver: returns whether it wants further events.
    init(_ receiver: @escaping @Sendable (ServerSentEventParser.Event) throws -> Bool) {
        self.receiver = receiver
    }

    /// Begins a connection. Returns the id of the last event; empty if there is none.
    func beginConnection() -> String {
        state.withLock { state in
            state.parser.reset()
            state.hasEvents = false
            return state.parser.lastEventID
        }
    }

    /// Receives the next bytes of a connection. Throws to end it.
    func receive(_ piece: [UInt8]) throws {
        do {
            let events = try state.withLock { state in
                state.wasConnected = true
                return try state.parser.receive(piece)
            }
            for event in events {
                let isEnough = try !receiver(event)
                state.withLock { state in
                    state.hasEvents = true
                    state.isEnough = isEnough
                }
                if isEnough { throw EndError() }
            }
        } catch let error as EndError {
            throw error
        } catch {
            state.withLock { $0.failure = error }
            throw error
        }
    }

    /// Whether the receiver wants no further events. Throws the error of the receiver or of the parser.
    func isFinished() throws -> Bool {
        let (isEnough, failure) = state.withLock { ($0.isEnough, $0.failure) }
        if let failure { throw failure }
        return isEnough
    }

    /// Whether the connection has brought an event.
    var hasEvents: Bool { state.withLock { $0.hasEvents } }
    /// Whether any connection has brought a byte.
    var wasConnected: Bool { state.withLock { $0.wasConnected } }
}
