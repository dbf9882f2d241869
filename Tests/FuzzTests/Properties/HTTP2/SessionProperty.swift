import TestSupport

/// HTTP/2 connections: the same however their bytes are cut, bounded, and always brought to an end. The first
/// byte chooses how the server answers, the rest is what the client sends.
enum SessionProperty {
    static func check(_ input: [UInt8]) throws(Finding) {
        guard let first = input.first else { return }
        let choices = ServerChoices(rawValue: first)
        let bytes = (choices.contains(.wholePreface) ? [] : HTTP2Frame.preface) + input.dropFirst()
        let ends = frameEnds(in: bytes)
        let framed = try reading(bytes, choices, cutAt: ends)
        let places = Array(bytes.indices.dropFirst())
        try holds(try reading(bytes, choices, cutAt: places, sendAt: Set(ends)), framed, choices)
        // What breaks a frame may be told before the rest of it has come.
        _ = try reading(bytes, choices, cutAt: places)
        var random = SeededRandom(seed: input.fingerprint)
        let cuts = Set(ends).union((0..<6).map { _ in Int.random(in: 0...bytes.count, using: &random) })
        try holds(try reading(bytes, choices, cutAt: cuts.sorted(), sendAt: Set(ends)), framed, choices)
        let whole = try reading(bytes, choices, cutAt: [])
        // What was broken, or was over, may be so earlier where answers go between the frames.
        guard !whole.isBroken, !framed.isBroken else { return }
        try promise(whole.complete == framed.complete, "in one piece it means something else")
    }

    /// Answers go out where the bytes are cut, or at some of these places.
    private static func reading(
        _ bytes: [UInt8], _ choices: ServerChoices, cutAt cuts: [Int], sendAt places: Set<Int>? = nil
    ) throws(Finding) -> SessionReading {
        let reading = SessionReading(choices)
        var start = 0
        for end in cuts + [bytes.count] where end > start {
            try reading.receive(Array(bytes[start..<end]))
            start = end
            if places?.contains(end) ?? true || end == bytes.count { try reading.send() }
        }
        try SentFrames.check(try reading.finish(), for: bytes)
        return reading
    }

    private static func holds(
        _ parted: SessionReading, _ framed: SessionReading, _ choices: ServerChoices
    ) throws(Finding) {
        // Within a frame that is longer than its window, room for more of it may be given.
        guard !choices.contains(.narrow) else { return }
        try promise(parted.steps == framed.steps, "it means something else when frames are cut")
        try promise(parted.complete == framed.complete, "the content is other when frames are cut")
        try promise(parted.sent == framed.sent, "other bytes are sent when frames are cut")
    }

    /// Where the preface and each frame ends.
    private static func frameEnds(in bytes: [UInt8]) -> [Int] {
        var ends = [min(HTTP2Frame.preface.count, bytes.count)]
        while let (_, count) = HTTP2Frame.first(in: bytes.dropFirst(ends[ends.count - 1])) {
            ends.append(ends[ends.count - 1] + count)
        }
        return ends
    }
}

/// What the first byte of an input chooses.
struct ServerChoices: OptionSet {
    let rawValue: UInt8
    /// The input has the client's preface, or what there is in its place.
    static let wholePreface = ServerChoices(rawValue: 1)
    /// No request is answered before all has come.
    static let silent = ServerChoices(rawValue: 2)
    /// Little is taken of a head, few requests at once, and there is TLS.
    static let small = ServerChoices(rawValue: 4)
    /// Windows for bodies are of 64 bytes.
    static let narrow = ServerChoices(rawValue: 8)
    /// Answers have content that is read as it goes.
    static let reads = ServerChoices(rawValue: 16)
    /// Answers have less content than their heads say.
    static let cut = ServerChoices(rawValue: 32)
    /// The server is asked to end from the first.
    static let ending = ServerChoices(rawValue: 64)
    /// Requests are answered before their bodies have come.
    static let early = ServerChoices(rawValue: 128)
}
