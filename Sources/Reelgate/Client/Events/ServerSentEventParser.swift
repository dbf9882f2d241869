/// A parser of server-sent events (WHATWG HTML §9.2.6), fed in pieces of any size.
struct ServerSentEventParser: Sendable {
    /// The stream sends more than this client keeps.
    struct TooLongError: Error, CustomStringConvertible {
        var description: String { "the event stream has a line or an event of more than 16 MiB" }
    }

    /// A dispatched event.
    struct Event: Equatable, Sendable {
        var name: String
        var data: String
    }

    /// Bytes of a line, and of the data of an event.
    private static let bytesMax = 16 << 20

    /// Set by complete events only, so that a cut event is received again.
    private(set) var lastEventID = ""
    private var line: [UInt8] = []
    private var endsWithCarriageReturn = false
    private var isFirstLine = true
    private var name = ""
    private var data: [UInt8] = []
    private var hasData = false
    private var id: String?

    /// Parses the next bytes. Returns the events that they complete.
    mutating func receive(_ bytes: some Sequence<UInt8>) throws(TooLongError) -> [Event] {
        var events: [Event] = []
        for byte in bytes {
            defer { endsWithCarriageReturn = byte == UInt8(ascii: "\r") }
            switch byte {
            case UInt8(ascii: "\n") where endsWithCarriageReturn: continue
            case UInt8(ascii: "\r"), UInt8(ascii: "\n"):
                if let event = try endLine() { events.append(event) }
            default:
                guard line.count < Self.bytesMax else { throw TooLongError() }
                line.append(byte)
            }
        }
        return events
    }

    /// The connection ended: what is incomplete is dropped, the last event id is kept.
    mutating func reset() {
        let kept = lastEventID
        self = ServerSentEventParser()
        lastEventID = kept
    }

    private mutating func endLine() throws(TooLongError) -> Event? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        }
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": name = String(decoding: value, as: UTF8.self)
        case "data":
            guard data.count + value.count < Self.bytesMax else { throw TooLongError() }
            if hasData { data.append(UInt8(ascii: "\n")) }
            data += value
            hasData = true
        case "id": if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
        default: break  // A comment, `retry`, or a field that is not known.
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            (name, hasData, id) = ("", false, nil)
            data.removeAll(keepingCapacity: true)
        }
        if let id { lastEventID = id }
        guard hasData else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
    }
}
