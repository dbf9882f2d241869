import JSONText

/// The lines of an event stream (WHATWG HTML §9.2.6).
enum EventText {
    /// How long a client waits before it connects again.
    static let opening = Array("retry: 2000\n\n".utf8)
    /// What keeps connections open that proxies would close as idle.
    static let comment = Array(":\n\n".utf8)

    /// A task's state. Without an id, the client's last event id stays as it is.
    static func task(_ json: [UInt8], id: String?) -> [UInt8] { event("task", json, id: id) }

    /// The beginning of a snapshot. It makes the client forget its last event id: a snapshot that is cut
    /// begins anew.
    static func reset(_ reason: EventResetReason) -> [UInt8] {
        var writer = JSONWriter(reserving: 32)
        writer.beginObject()
        writer.member("reason", reason.rawValue)
        writer.endObject()
        return event("reset", writer.bytes, id: "")
    }

    /// A last event id alone: dispatches no event.
    static func id(_ id: String) -> [UInt8] { Array("id: \(id)\n\n".utf8) }

    private static func event(_ name: String, _ data: [UInt8], id: String?) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(data.count + 96)
        text.append(contentsOf: "event: \(name)\n".utf8)
        if let id { text.append(contentsOf: (id.isEmpty ? "id:\n" : "id: \(id)\n").utf8) }
        // JSON that the provider sent may have line breaks outside of strings.
        for line in data.split(whereSeparator: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            text.append(contentsOf: "data: ".utf8)
            text.append(contentsOf: line)
            text.append(UInt8(ascii: "\n"))
        }
        text.append(UInt8(ascii: "\n"))
        return text
    }
}
