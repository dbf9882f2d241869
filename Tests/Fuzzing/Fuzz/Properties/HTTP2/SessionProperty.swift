import TestSupport

/// HTTP/2 connections: the same result for any split of the bytes, bounded, and always terminated. The first
/// byte of the input selects how the server responds, the rest is sent by the client.
enum SessionProperty {
    static func check(_ input: [UInt8]) throws(PropertyError) {
        guard let first = input.first else { return }
        let choices = ServerChoices(rawValue: first)
        let bytes = (choices.contains(.wholePreface) ? [] : HTTP2Frame.preface) + input.dropFirst()
        let ends = frameEnds(in: bytes)
        let framed = try reading(bytes, choices, cutAt: ends)
        let offsets = Array(bytes.indices.dropFirst())
        try requireEqual(try reading(bytes, choices, cutAt: offsets, sendAt: Set(ends)), framed, choices)
        // A violation within a frame may be reported before the rest of the frame has arrived.
        _ = try reading(bytes, choices, cutAt: offsets)
        var random = SeededRandom(seed: input.fingerprint)
        let cuts = Set(ends).union((0..<6).map { _ in Int.random(in: 0...bytes.count, using: &random) })
        try requireEqual(
            try reading(bytes, choices, cutAt: cuts.sorted(), sendAt: Set(ends)), framed, choices)
        let whole = try reading(bytes, choices, cutAt: [])
        // Errors and ends may come earlier if responses are sent between the frames.
        guard !whole.isBroken, !framed.isBroken else { return }
        try require(whole.complete == framed.complete, "the result differs for one piece")
    }

    /// Sends after each piece, or only at `sendOffsets`.
    private static func reading(
        _ bytes: [UInt8], _ choices: ServerChoices, cutAt cuts: [Int], sendAt sendOffsets: Set<Int>? = nil
    ) throws(PropertyError) -> SessionReading {
        let reading = SessionReading(choices)
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            try reading.receive(Array(bytes[start..<end]))
            start = end
            if sendOffsets?.contains(end) ?? true || end == bytes.count { try reading.send() }
        }
        try SentFrames.check(try reading.finish(), for: bytes)
        return reading
    }

    private static func requireEqual(
        _ parted: SessionReading, _ framed: SessionReading, _ choices: ServerChoices
    ) throws(PropertyError) {
        // The window may be opened within a frame that is longer than it.
        guard !choices.contains(.narrow) else { return }
        try require(parted.steps == framed.steps, "the result differs when frames are split")
        try require(parted.complete == framed.complete, "the content differs when frames are split")
        try require(parted.sent == framed.sent, "the sent bytes differ when frames are split")
    }

    /// Returns the end offsets of the preface and of each frame.
    private static func frameEnds(in bytes: [UInt8]) -> [Int] {
        var ends = [min(HTTP2Frame.preface.count, bytes.count)]
        while let (_, count) = HTTP2Frame.first(in: bytes.dropFirst(ends[ends.count - 1])) {
            ends.append(ends[ends.count - 1] + count)
        }
        return ends
    }
}
