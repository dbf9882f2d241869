import TestSupport

@testable import HTTPWire

/// HTTP/1 requests: the same result for any split of the bytes, and a round trip through the writer.
enum RequestProperty {
    static func check(_ input: [UInt8]) throws(PropertyError) {
        try check(input, limits: MessageLimits(), secure: false)
        let small = MessageLimits(header: 200, target: 60, trailers: 60, chunkLine: 30)
        try check(input, limits: small, secure: true)
    }

    private static func check(_ input: [UInt8], limits: MessageLimits, secure: Bool) throws(PropertyError) {
        let whole = try RequestReading([input[...]], limits: limits, secure: secure)
        let parted = try RequestReading(pieces(of: input), limits: limits, secure: secure)
        try require(parted == whole, "the result differs for random pieces")
        let single = try RequestReading(input.indices.map { input[$0...$0] }, limits: limits, secure: secure)
        try require(single == whole, "the result differs byte by byte")
        // The shortest request is `X / HTTP/1.0` and two line ends.
        try require(whole.requests.count <= input.count / 16, "more requests than the bytes can hold")
        try checkRoundTrip(whole.requests.filter { $0.trailers != nil }, secure: secure)
    }

    /// Splits the input at pseudorandom positions that depend on the input only.
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

    private static func checkRoundTrip(_ requests: [ReadRequest], secure: Bool) throws(PropertyError) {
        let wire = requests.flatMap(Wire.bytes)
        // The writer adds the slash that an absolute target left out.
        let limits = MessageLimits(header: 1 << 16, target: 1 << 16, trailers: 1 << 16)
        let again = try RequestReading([wire[...]], limits: limits, secure: secure)
        try require(
            again.violation == nil, "the written request is rejected: \(again.violation?.message ?? "")")
        try require(again.isBetweenRequests, "the written request is incomplete")
        try require(again.requests == requests, "the written request differs")
    }
}

/// Serialises requests in the simplest form with the same meaning.
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
