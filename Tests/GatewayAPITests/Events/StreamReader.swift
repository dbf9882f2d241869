import GatewayFakes
import HTTPServing
import JSONText
import TestSupport
import Testing
import Transport

@testable import HTTPServing

/// A client of an event stream that reads only when a test has it read.
final class StreamReader {
    let response: TestResponse
    private let source: any BodySource
    private let executor: SteppedExecutor
    private(set) var parser: EventParser
    private(set) var hasEnded = false
    private var isCancelled = false

    init(_ response: TestResponse, _ executor: SteppedExecutor, lastEventID: String = "") throws {
        self.response = response
        self.executor = executor
        guard case .stream(let source) = response.response.body else {
            throw NotAStreamError(status: response.status)
        }
        self.source = source
        parser = EventParser(lastEventID: lastEventID)
        let loop = try EventLoop(label: "stream-reader")
        source.open(BodyWakeup(bodyID: 1, queue: BodyWakeupQueue(StreamedBodies(), on: loop)))
    }

    deinit { leave() }

    /// Reads all that there is to read, and returns the new events.
    @discardableResult
    func read(pieces limit: Int = 1 << 14) -> [EventParser.Event] {
        let known = parser.events.count
        while !hasEnded, !isCancelled {
            switch source.read(upTo: limit) {
            case .bytes(let bytes): parser.receive(bytes)
            case .pending: if !executor.runUntilIdle() { return Array(parser.events[known...]) }
            case .end: hasEnded = true
            }
        }
        return Array(parser.events[known...])
    }

    /// Reads one event, if there is one.
    func readOne() {
        let known = parser.events.count
        while parser.events.count == known, !hasEnded, !isCancelled {
            switch source.read(upTo: 1 << 14) {
            case .bytes(let bytes): parser.receive(bytes)
            case .pending: if !executor.runUntilIdle() { return }
            case .end: hasEnded = true
            }
        }
    }

    /// Reads, and returns the ids and states of the new events: `7 running`.
    func states() -> [String] { read().map(\.summary) }

    /// Closes the connection.
    func leave() {
        if !hasEnded, !isCancelled { source.cancel() }
        isCancelled = true
    }

    func drain() { source.beginDraining() }
}

/// A response that is no stream.
private struct NotAStreamError: Error {
    let status: Int
}

extension EventParser.Event {
    private var json: JSONValue? { try? JSONValue(parsing: Array(data.utf8)) }

    /// The task's id.
    var task: String? { json?["id"]?.string }
    var version: Int64? { json?["gateway"]?["version"]?.integer }

    /// Event id and state; for another event its name and data.
    var summary: String {
        name == "task" ? "\(id) \(json?["gateway"]?["state"]?.string ?? "?")" : "\(name) \(data)"
    }
}
