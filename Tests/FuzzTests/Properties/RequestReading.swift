@testable import HTTPWire

/// One request as it was read, its content put together.
struct ReadRequest: Equatable {
    var head: RequestHead
    var content: [UInt8] = []
    /// `nil` while the end is still to come.
    var trailers: HTTPFields?
}

/// Reads a connection's bytes as a connection does, piece by piece, and holds the parser to what it says of
/// its events and of what it leaves.
struct RequestReading: Equatable {
    private(set) var requests: [ReadRequest] = []
    private(set) var violation: MessageError?
    private(set) var isBetweenRequests = true

    /// `limits` bound what may stay unconsumed.
    init(_ pieces: [ArraySlice<UInt8>], limits: MessageLimits, secure: Bool) throws(Finding) {
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
            try promise(buffer.count <= longest, "\(buffer.count) bytes stay unconsumed")
        }
        isBetweenRequests = parser.isBetweenRequests
        try holdsItsRefusal(&parser, buffer)
    }

    private mutating func step(
        _ parser: inout HTTP1Parser, _ buffer: [UInt8], _ offset: inout Int
    ) throws(Finding) -> Bool {
        let before = offset
        let event: HTTP1Event?
        do throws(MessageError) {
            event = try parser.next(buffer.span, from: &offset)
        } catch {
            violation = error
            return false
        }
        try promise(before <= offset && offset <= buffer.count, "the place went from \(before) to \(offset)")
        guard let event else { return false }
        try note(event, buffer, before..<offset)
        return true
    }

    private mutating func note(
        _ event: HTTP1Event, _ buffer: [UInt8], _ consumed: Range<Int>
    ) throws(Finding) {
        let isOpen = requests.last.map { $0.trailers == nil } ?? false
        switch event {
        case .head(let head):
            try promise(!isOpen, "a request begins in another")
            try HeadBytes.check(buffer[consumed], head)
            requests.append(ReadRequest(head: head))
        case .body(let range):
            try promise(isOpen && !range.isEmpty, "content out of place")
            try promise(
                consumed.lowerBound <= range.lowerBound && range.upperBound == consumed.upperBound,
                "content from bytes that were not consumed")
            requests[requests.count - 1].content += buffer[range]
        case .end(let trailers):
            try promise(isOpen, "a request ends that did not begin")
            requests[requests.count - 1].trailers = trailers
            let request = requests[requests.count - 1]
            let stated = request.head.contentLength ?? Int64(request.content.count)
            try promise(stated == Int64(request.content.count), "the content is not as long as stated")
        }
    }

    private func holdsItsRefusal(_ parser: inout HTTP1Parser, _ buffer: [UInt8]) throws(Finding) {
        guard let violation else { return }
        let known = [400, 414, 417, 421, 431, 501, 505].contains(violation.status)
        try promise(known && !violation.message.isEmpty, "refused with \(violation.status)")
        var offset = 0
        do throws(MessageError) {
            _ = try parser.next(buffer.span, from: &offset)
        } catch {
            return try promise(error == violation, "a refusal became another")
        }
        throw Finding("something was read after a refusal")
    }
}

/// A second opinion on the bytes of an accepted head, without a parser: what two readers could read in two
/// ways must not be in it.
enum HeadBytes {
    static func check(_ bytes: ArraySlice<UInt8>, _ head: RequestHead) throws(Finding) {
        let lines = try lines(Array(bytes))
        try promise(bytes.count >= 16, "no request is that short")
        var names: [String] = []
        for line in lines.dropFirst() {
            try promise(line.first != 0x20 && line.first != 0x09, "a folded line was accepted")
            let name = line.prefix { $0 != UInt8(ascii: ":") }
            try promise(name.count < line.count && name.last != 0x20, "a line has no clear name")
            names.append(String(decoding: name, as: UTF8.self).lowercased())
        }
        let lengths = names.count { $0 == "content-length" }
        let codings = names.count { $0 == "transfer-encoding" }
        try promise(lengths <= 1 && (lengths == 0 || codings == 0), "two lengths were accepted")
        try promise((head.contentLength == nil) == (codings > 0), "the coding was not heeded")
        try promise(names.count { $0 == "host" } <= 1, "two hosts were accepted")
        try promise(names.contains("host") || head.isHTTP10, "no host was accepted")
    }

    /// The lines up to the empty one; every CR has its LF and every LF its CR.
    private static func lines(_ bytes: [UInt8]) throws(Finding) -> [[UInt8]] {
        var lines: [[UInt8]] = [[]]
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case 0x0d: try promise(bytes[index...].dropFirst().first == 0x0a, "a bare CR was accepted")
            case 0x0a:
                try promise(index > 0 && bytes[index - 1] == 0x0d, "a bare LF was accepted")
                lines.append([])
            default:
                try promise(byte == 0x09 || byte >= 0x20 && byte != 0x7f, "a control byte was accepted")
                lines[lines.count - 1].append(byte)
            }
        }
        return lines.drop { $0.isEmpty }.filter { !$0.isEmpty }
    }
}
