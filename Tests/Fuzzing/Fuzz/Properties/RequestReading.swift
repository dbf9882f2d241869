@testable import HTTPWire

/// Parses bytes piece by piece, as a connection does, and checks the invariants of the events and of the
/// unconsumed rest.
struct RequestReading: Equatable {
    private(set) var requests: [ReadRequest] = []
    private(set) var violation: MessageError?
    private(set) var isBetweenRequests = true

    /// Parses pieces; `limits` also bound the bytes that may stay unconsumed.
    init(_ pieces: [ArraySlice<UInt8>], limits: MessageLimits, secure: Bool) throws(PropertyError) {
        var parser = HTTP1Parser(limits: limits, secure: secure)
        var buffer: [UInt8] = []
        let longest =
            max(limits.target + limits.header + 64, limits.trailers, limits.chunkLine) + 4
        for piece in pieces {
            buffer += piece
            var offset = 0
            while try step(&parser, buffer, &offset) {}
            guard violation == nil else { break }
            buffer.removeFirst(offset)
            try require(buffer.count <= longest, "\(buffer.count) bytes stay unconsumed")
        }
        isBetweenRequests = parser.isBetweenRequests
        try checkErrorIsFinal(&parser, buffer)
    }

    private mutating func step(
        _ parser: inout HTTP1Parser, _ buffer: [UInt8], _ offset: inout Int
    ) throws(PropertyError) -> Bool {
        let before = offset
        let event: HTTP1Event?
        do throws(MessageError) {
            event = try parser.next(buffer.span, from: &offset)
        } catch {
            violation = error
            return false
        }
        try require(before <= offset && offset <= buffer.count, "the offset went from \(before) to \(offset)")
        guard let event else { return false }
        try record(event, buffer, before..<offset)
        return true
    }

    private mutating func record(
        _ event: HTTP1Event, _ buffer: [UInt8], _ consumed: Range<Int>
    ) throws(PropertyError) {
        let isOpen = requests.last.map { $0.trailers == nil } ?? false
        switch event {
        case .head(let head):
            try require(!isOpen, "a request begins in another")
            try HeadBytes.check(buffer[consumed], head)
            requests.append(ReadRequest(head: head))
        case .body(let range):
            try require(isOpen && !range.isEmpty, "content outside a request")
            try require(
                consumed.lowerBound <= range.lowerBound && range.upperBound == consumed.upperBound,
                "content from bytes that were not consumed")
            requests[requests.count - 1].content += buffer[range]
        case .end(let trailers):
            try require(isOpen, "a request ends that did not begin")
            requests[requests.count - 1].trailers = trailers
            let request = requests[requests.count - 1]
            let stated = request.head.contentLength ?? Int64(request.content.count)
            try require(stated == Int64(request.content.count), "the content is not as long as stated")
        }
    }

    private func checkErrorIsFinal(_ parser: inout HTTP1Parser, _ buffer: [UInt8]) throws(PropertyError) {
        guard let violation else { return }
        let known = [400, 414, 417, 421, 431, 501, 505].contains(violation.status)
        try require(known && !violation.message.isEmpty, "rejected with \(violation.status)")
        var offset = 0
        do throws(MessageError) {
            _ = try parser.next(buffer.span, from: &offset)
        } catch {
            return try require(error == violation, "the error changed")
        }
        throw PropertyError("an event after an error")
    }
}
