import Testing
@testable import HTTPWire

/// The meaning of a connection's bytes, with content joined: independent of how the bytes are split.
struct Transcript: Equatable, CustomStringConvertible {
    enum Entry: Equatable {
        case head(RequestHead)
        case content([UInt8])
        case end(HTTPFields)
        case refused(MessageError)
    }

    private(set) var entries: [Entry] = []
    /// Whether it ended between two requests with nothing left over.
    var isComplete = false

    mutating func add(_ event: HTTP1Event, from input: [UInt8]) {
        switch event {
        case .head(let head): entries.append(.head(head))
        case .end(let trailers): entries.append(.end(trailers))
        case .body(let range):
            if case .content(let bytes)? = entries.last {
                entries[entries.count - 1] = .content(bytes + input[range])
            } else {
                entries.append(.content(Array(input[range])))
            }
        }
    }

    mutating func refuse(_ violation: MessageError) { entries.append(.refused(violation)) }

    var heads: [RequestHead] {
        entries.compactMap { if case .head(let head) = $0 { head } else { nil } }
    }

    var violation: MessageError? {
        if case .refused(let violation)? = entries.last { violation } else { nil }
    }

    /// `POST /path content | GET /other | 400`, with `…` for missing content.
    var description: String {
        var texts: [String] = []
        var current: String?
        for entry in entries {
            switch entry {
            case .head(let head):
                current = head.method + " " + head.path + (head.query.map { "?" + $0 } ?? "")
            case .content(let bytes): current?.append(" " + String(decoding: bytes, as: UTF8.self))
            case .end(let trailers):
                texts.append((current ?? "") + (trailers.isEmpty ? "" : " +\(trailers.count)"))
                current = nil
            case .refused(let violation): texts.append("\(violation.status)")
            }
        }
        if violation == nil, !isComplete { texts.append("…") }
        return texts.isEmpty ? "nothing" : texts.joined(separator: " | ")
    }
}
