import HTTPServing
import HTTPWire
import Synchronization

/// The simulator's open event streams: `GET /_simulator/stream` opens one, `POST` sends an event to all,
/// `DELETE` ends all.
final class SimulatorStreams: Sendable {
    static let path = "/_simulator/stream"
    /// The longest event that is sent to all, in bytes.
    private static let eventMax = 4 * 1024
    /// Bytes that are held for one client; with more of them its stream is cut off.
    static let heldBytesMax = 64 * 1024
    private static let eventsMax = 1_000_000_000

    let pause: @Sendable (Duration) async -> Void
    private let streams = Mutex<[ObjectIdentifier: SimulatedEvents]>([:])

    init(pause: @escaping @Sendable (Duration) async -> Void) { self.pause = pause }

    /// Decides about a request to `path`.
    func handle(_ head: RequestHead) -> Disposition {
        switch head.method {
        case "GET", "HEAD": .respond(open(head.query))
        case "POST": .collect(limit: Self.eventMax) { self.sendToAll($0.body) }
        case "DELETE": .respond(finishAll())
        default:
            .respond(
                ProviderFault(
                    405, "method_not_allowed", "GET opens a stream, POST sends an event, DELETE ends all"
                )
                .response)
        }
    }

    func insert(_ stream: SimulatedEvents) { streams.withLock { $0[ObjectIdentifier(stream)] = stream } }

    func remove(_ stream: SimulatedEvents) { streams.withLock { $0[ObjectIdentifier(stream)] = nil } }

    private func open(_ query: String?) -> HTTPResponse {
        guard let plan = SimulatedEvents.Plan(query: query ?? "", eventsMax: Self.eventsMax) else {
            return ProviderFault(
                422, "invalid_parameters", "parameters: events=N and interval=250ms (or s, m, h, d)"
            ).response
        }
        var fields = HTTPFields()
        fields.append("Content-Type", "text/event-stream")
        fields.append("Cache-Control", "no-store")
        return HTTPResponse(status: 200, fields: fields, body: .stream(SimulatedEvents(plan, of: self)))
    }

    private func sendToAll(_ text: [UInt8]) -> HTTPResponse {
        var event: [UInt8] = []
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            event += Array("data: ".utf8) + line.filter { $0 != UInt8(ascii: "\r") } + [UInt8(ascii: "\n")]
        }
        event.append(UInt8(ascii: "\n"))
        return Self.counted(open.count { $0.send(event) })
    }

    private func finishAll() -> HTTPResponse {
        let open = open
        for stream in open { stream.finish() }
        return Self.counted(open.count)
    }

    private var open: [SimulatedEvents] { streams.withLock { Array($0.values) } }

    private static func counted(_ count: Int) -> HTTPResponse {
        .json(200, Array(#"{"streams":\#(count)}"#.utf8))
    }
}

extension SimulatedEvents.Plan {
    /// Reads `events=N&interval=…`, both optional; `nil` if there is anything else.
    init?(query: String, eventsMax: Int) {
        for parameter in query.split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            switch parts[0] {
            case "events":
                guard let number = Int(parts[1]), (0...eventsMax).contains(number) else { return nil }
                events = number
            case "interval":
                guard let interval = SimulatedInterval(String(parts[1])) else { return nil }
                self.interval = interval.value
            default: return nil
            }
        }
    }
}
