/// Parses an event stream as browsers do (WHATWG HTML §9.2.6), with the comments beside the events.
package struct EventParser {
    /// A dispatched event.
    package struct Event: Equatable, Sendable {
        package var name: String
        package var data: String
        /// The last event id when it was dispatched.
        package var id: String
    }

    package private(set) var events: [Event] = []
    package private(set) var comments = 0
    /// What a browser sends as `Last-Event-ID` when it connects again.
    package private(set) var lastEventID = ""
    package private(set) var retry: Int?
    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var id = ""

    package init(lastEventID: String = "") {
        self.lastEventID = lastEventID
        id = lastEventID
    }

    /// Takes bytes, in pieces of any size.
    package mutating func receive(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                receiveLine(String(decoding: line, as: UTF8.self))
                line = []
            } else {
                line.append(byte)
            }
        }
    }

    private mutating func receiveLine(_ line: String) {
        if line.isEmpty { return dispatch() }
        if line.hasPrefix(":") {
            comments += 1
            return
        }
        let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        var value = parts.count == 2 ? parts[1] : ""
        if value.hasPrefix(" ") { value = value.dropFirst() }
        switch parts[0] {
        case "event": name = String(value)
        case "data": data.append(String(value))
        case "id": id = String(value)
        case "retry": retry = Int(value)
        default: break
        }
    }

    private mutating func dispatch() {
        lastEventID = id
        defer { (name, data) = ("", []) }
        if data.isEmpty { return }
        events.append(Event(name: name, data: data.joined(separator: "\n"), id: lastEventID))
    }
}
