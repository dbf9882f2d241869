import HTTP2Wire
import HTTPWire
import TestSupport

/// A session that answers each complete request as an echo does, in memory.
final class WireServer {
    let session: HTTP2Session
    var now: UInt64 = 1_000_000_000
    var out: [UInt8] = []
    var events: [HTTP2Event] = []
    var bodies: [Int32: [UInt8]] = [:]
    /// Answers come when asked for only.
    var isSilent = false
    var responseBody = [UInt8]("hello".utf8)
    /// Streams that were answered early, whose bodies are not wanted.
    var unwanted: Set<Int32> = []

    init(_ adjust: (inout HTTP2Limits) -> Void = { _ in }) {
        var limits = HTTP2Limits(message: MessageLimits(), bodyTimeout: 30_000_000_000)
        adjust(&limits)
        session = HTTP2Session(limits: limits, secure: false)
    }

    /// What was sent, in frames.
    var frames: [HTTP2Frame] { HTTP2Frame.parse(out) }

    /// The status of a stream's response.
    func status(_ stream: UInt32) -> Int? {
        frames.first { $0.type == 1 && $0.stream == stream }.flatMap { HPACK.status($0.payload) }
    }

    func open() { receive(HTTP2Frame.preface + HTTP2Frame.settings().bytes + HTTP2Frame.settingsAck.bytes) }

    func receive(_ frames: [HTTP2Frame]) { receive(frames.flatMap(\.bytes)) }

    func receive(_ bytes: [UInt8]) {
        let came = session.receive(bytes, bytes.count, at: now)
        for event in came { take(event, bytes) }
        events += came
        send()
    }

    func send() { session.send(into: &out, upTo: out.count + 1 << 20, at: now) }

    private func take(_ event: HTTP2Event, _ bytes: [UInt8]) {
        switch event {
        case .head(let stream, _, let isComplete): if isComplete { reply(stream) }
        case .rejected(let stream, let violation, let isHEAD):
            var options = HTTP2ResponseOptions()
            options.discardsRequestBody = true
            session.respond(
                stream, head(violation.status), isHEAD ? .none : .bytes(Array(violation.message.utf8)),
                options)
        case .body(let stream, let range) where unwanted.contains(stream):
            session.discardBytes(range.count, of: stream)
        case .body(let stream, let range):
            bodies[stream, default: []] += bytes[range]
            if let refused = session.consume(range.count, of: stream) { bodies[refused] = nil }
        case .end(let stream, _):
            session.releaseBody(stream)
            reply(stream)
        case .closed(let stream, _): session.releaseBody(stream)
        case .goAwayAcknowledged: break
        }
    }

    func reply(_ stream: Int32) {
        if !isSilent { session.respond(stream, head(200), .bytes(responseBody)) }
    }

    func head(_ status: Int, _ fields: HTTPFields = HTTPFields()) -> ResponseHead {
        ResponseHead(
            status: status, fields: fields, framing: .length(Int64(responseBody.count)),
            date: IMFDate.bytes(0))
    }
}
