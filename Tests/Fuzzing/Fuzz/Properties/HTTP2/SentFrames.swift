import TestSupport

/// An independent check of the frames that a server sent.
struct SentFrames {
    private struct Stream {
        var hasHead = false
        var isOver = false
        var content = 0
    }

    private var streams: [UInt32: Stream] = [:]
    private var content = 0
    private var isOver = false
    private let received: [HTTP2Frame]

    static func check(_ sent: [UInt8], for received: [UInt8]) throws(PropertyError) {
        let frames = HTTP2Frame.parse(sent)
        let size = frames.reduce(0) { $0 + 9 + $1.payload.count }
        try require(size == sent.count, "an incomplete frame was sent")
        if let first = frames.first {
            try require(first.type == 4 && first.flags == 0, "the first frame is not SETTINGS")
        }
        let client = HTTP2Frame.parse(Array(received.dropFirst(HTTP2Frame.preface.count)))
        // Each frame causes few others, and each request one response.
        let requests = client.count { $0.type == 1 }
        try require(sent.count <= 200 + 64 * client.count + 1200 * requests, "\(sent.count) bytes were sent")
        var reading = SentFrames(received: client)
        for frame in frames { try reading.record(frame) }
    }

    private init(received: [HTTP2Frame]) { self.received = received }

    private mutating func record(_ frame: HTTP2Frame) throws(PropertyError) {
        try require(!isOver, "a frame was sent after the end")
        try require(frame.payload.count <= 16_384, "a frame of \(frame.payload.count) bytes")
        switch frame.type {
        case 0, 1: try recordResponse(frame)
        case 3:
            try require(frame.stream != 0 && frame.payload.count == 4, "an invalid reset")
            streams[frame.stream, default: Stream()].isOver = true
        case 4, 6: try require(frame.stream == 0, "settings or a ping on a stream")
        case 7: isOver = frame.code != 0
        case 8:
            let increment = HTTP2Frame.number(frame.payload)
            try require((1...0x7fff_ffff).contains(increment), "a window opened by \(increment)")
        default: throw PropertyError("a frame of type \(frame.type) was sent")
        }
    }

    private mutating func recordResponse(_ frame: HTTP2Frame) throws(PropertyError) {
        var stream = streams[frame.stream] ?? Stream()
        try require(!stream.isOver, "a response continues after its end")
        let hasRequest = received.contains { $0.type == 1 && $0.stream == frame.stream }
        try require(hasRequest && frame.stream % 2 == 1, "a response without a request")
        if frame.type == 1 {
            try require(frame.flags & 4 == 4 && !stream.hasHead, "an invalid head")
            stream.hasHead = HPACK.status(frame.payload) != 100
        } else {
            try require(stream.hasHead, "content without a head")
            stream.content += frame.payload.count
            content += frame.payload.count
            try require(stream.content <= window(of: frame.stream), "more than the stream's window")
            try require(content <= window(of: 0), "more than the connection's window")
        }
        stream.isOver = frame.ends
        streams[frame.stream] = stream
    }

    /// Returns how many bytes the client allows in total.
    private func window(of stream: UInt32) -> Int {
        var window = 65_535
        for frame in received where frame.type == 8 && frame.stream == stream && frame.payload.count == 4 {
            window += Int(HTTP2Frame.number(frame.payload) & 0x7fff_ffff)
        }
        guard stream > 0 else { return window }
        return window + (received.map(largestWindow).max() ?? 0)
    }

    /// Returns the largest initial window in a SETTINGS frame.
    private func largestWindow(in frame: HTTP2Frame) -> Int {
        guard frame.type == 4, frame.flags & 1 == 0 else { return 0 }
        let values = stride(from: 0, to: frame.payload.count / 6 * 6, by: 6).map { start in
            let entry = frame.payload[start..<start + 6]
            return HTTP2Frame.number(entry.prefix(2)) == 4 ? Int(HTTP2Frame.number(entry.suffix(4))) : 0
        }
        return values.max() ?? 0
    }
}
