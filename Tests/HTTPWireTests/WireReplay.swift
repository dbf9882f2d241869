import Testing

@testable import HTTPWire

/// What a connection's bytes meant, with the content put together: that is the same however the bytes were
/// cut.
struct Transcript: Equatable, CustomStringConvertible {
    enum Entry: Equatable {
        case head(RequestHead)
        case content([UInt8])
        case end(HTTPFields)
        case refused(MessageError)
    }

    private(set) var entries: [Entry] = []
    /// Whether it ended between two requests, with nothing left over.
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

    /// `POST /path content | GET /other | 400`, with `…` for what is still to come.
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

/// Parses wire text as a connection would receive it.
enum WireReplay {
    /// What these bytes mean when they arrive whole; and expects that they mean the same when cut at each
    /// place, and when they arrive one by one.
    static func transcript(
        of bytes: [UInt8], limits: MessageLimits = MessageLimits(), secure: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Transcript {
        let parser = HTTP1Parser(limits: limits, secure: secure)
        let whole = feed([bytes], to: parser)
        for cut in bytes.indices.dropFirst() {
            let parted = feed([Array(bytes[..<cut]), Array(bytes[cut...])], to: parser)
            #expect(parted == whole, "cut at \(cut)", sourceLocation: sourceLocation)
            if parted != whole { break }
        }
        let single = feed(bytes.map { [$0] }, to: parser)
        #expect(single == whole, "byte by byte", sourceLocation: sourceLocation)
        return whole
    }

    static func transcript(
        of text: String, limits: MessageLimits = MessageLimits(), secure: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) -> Transcript {
        transcript(of: Array(text.utf8), limits: limits, secure: secure, sourceLocation: sourceLocation)
    }

    /// Does what a connection does: appends each piece to what was left, and asks until nothing more comes.
    static func feed(_ pieces: [[UInt8]], to parser: HTTP1Parser) -> Transcript {
        var parser = parser
        var transcript = Transcript()
        var buffer: [UInt8] = []
        for piece in pieces {
            buffer += piece
            var offset = 0
            do throws(MessageError) {
                while let event = try parser.next(buffer.span, from: &offset) {
                    transcript.add(event, from: buffer)
                }
            } catch {
                transcript.refuse(error)
                return transcript
            }
            buffer.removeFirst(offset)
        }
        transcript.isComplete = parser.isBetweenRequests && buffer.isEmpty
        return transcript
    }
}
