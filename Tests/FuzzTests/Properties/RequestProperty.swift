import TestSupport

@testable import HTTPWire

/// HTTP/1 requests: the same however they are cut, the same when written anew.
enum RequestProperty {
    static func check(_ input: [UInt8]) throws(Finding) {
        try check(input, limits: MessageLimits(), secure: false)
        let small = MessageLimits(header: 200, target: 60, trailers: 60, chunkLine: 30)
        try check(input, limits: small, secure: true)
    }

    private static func check(_ input: [UInt8], limits: MessageLimits, secure: Bool) throws(Finding) {
        let whole = try RequestReading([input[...]], limits: limits, secure: secure)
        let parted = try RequestReading(pieces(of: input), limits: limits, secure: secure)
        try promise(parted == whole, "it means something else when it comes in pieces")
        let single = try RequestReading(input.indices.map { input[$0...$0] }, limits: limits, secure: secure)
        try promise(single == whole, "it means something else byte by byte")
        // The shortest is `X / HTTP/1.0` and two line ends.
        try promise(whole.requests.count <= input.count / 16, "more requests than the bytes can hold")
        try holdWhenWrittenAnew(whole.requests.filter { $0.trailers != nil }, secure: secure)
    }

    /// Pieces of random length that follow from the input.
    private static func pieces(of input: [UInt8]) -> [ArraySlice<UInt8>] {
        var random = SeededRandom(seed: input.fingerprint)
        let longest = [3, 20, 500].randomElement(using: &random) ?? 3
        var pieces: [ArraySlice<UInt8>] = []
        var rest = input[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...longest, using: &random))
            pieces.append(piece)
            rest = rest.dropFirst(piece.count)
        }
        return pieces
    }

    private static func holdWhenWrittenAnew(_ requests: [ReadRequest], secure: Bool) throws(Finding) {
        let wire = requests.flatMap(Wire.bytes)
        // Written anew a target may gain the slash that an absolute one left out.
        let limits = MessageLimits(header: 1 << 16, target: 1 << 16, trailers: 1 << 16)
        let again = try RequestReading([wire[...]], limits: limits, secure: secure)
        try promise(again.violation == nil, "refused when written anew: \(again.violation?.message ?? "")")
        try promise(again.isBetweenRequests, "incomplete when written anew")
        try promise(again.requests == requests, "it means something else when written anew")
    }
}

/// Requests as the plainest bytes that mean the same.
private enum Wire {
    static func bytes(_ request: ReadRequest) -> [UInt8] {
        let head = request.head
        let version = head.isHTTP10 ? "HTTP/1.0" : "HTTP/1.1"
        var bytes = Array("\(head.method) \(target(head)) \(version)\r\n".utf8)
        bytes += head.fields.bytes
        bytes += Array("\r\n".utf8)
        guard head.contentLength == nil else { return bytes + request.content }
        if !request.content.isEmpty {
            HTTP1Writer.appendChunkStart(size: request.content.count, to: &bytes)
            bytes += request.content + Array("\r\n".utf8)
        }
        return bytes + Array("0\r\n".utf8) + (request.trailers?.bytes ?? []) + Array("\r\n".utf8)
    }

    /// Absolute where the authority is not that of the Host field.
    private static func target(_ head: RequestHead) -> String {
        let query = head.query.map { "?" + $0 } ?? ""
        guard head.authority != head.fields["Host"] ?? "" else { return head.path + query }
        return "http://\(head.authority)" + (head.path == "*" ? "" : head.path) + query
    }
}
