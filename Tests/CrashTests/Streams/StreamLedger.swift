import JSONText
import TestSupport

/// What a client of the stream of all tasks has received over many connections.
struct StreamLedger {
    /// The position at which it began, after its first whole snapshot.
    private(set) var first: Int64 = .max
    /// `SEQUENCE STATE` of each event after that.
    private(set) var events: [String] = []
    /// What must not happen.
    private(set) var issues: [String] = []
    private(set) var lastEventID = ""

    /// The position of the last event.
    var last: Int64 { Self.sequence(lastEventID) ?? 0 }

    /// Takes what arrived on one connection; a block that was cut counts as not received.
    mutating func receive(_ bytes: [UInt8]) {
        let end = bytes.lastRange(of: Array("\n\n".utf8))?.upperBound ?? 0
        let isNew = lastEventID.isEmpty
        var parser = EventParser(lastEventID: lastEventID)
        parser.receive(bytes[..<end])
        lastEventID = parser.lastEventID
        if isNew, let id = Self.firstID(in: bytes[..<end]) { first = id }
        if !isNew, let reset = parser.events.first(where: { $0.name == "reset" }) {
            issues.append("after \(lastEventID): \(reset.name) \(reset.data)")
        }
        for event in parser.events where event.name == "task" && !event.id.isEmpty {
            let state = (try? JSONValue(parsing: Array(event.data.utf8)))?["gateway"]?["state"]?.string
            events.append("\(Self.sequence(event.id) ?? -1) \(state ?? "?")")
        }
    }

    /// The position at the end of a snapshot: no line before it has an id.
    private static func firstID(in bytes: ArraySlice<UInt8>) -> Int64? {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("id: ") }.flatMap { sequence(String($0)) }
    }

    private static func sequence(_ id: String) -> Int64? {
        id.split(separator: ".").last.flatMap { Int64($0) }
    }
}

extension [UInt8] {
    /// The last place of some bytes.
    fileprivate func lastRange(of other: [UInt8]) -> Range<Int>? {
        guard count >= other.count else { return nil }
        return stride(from: count - other.count, through: 0, by: -1).lazy
            .map { $0..<($0 + other.count) }.first { self[$0].elementsEqual(other) }
    }
}
