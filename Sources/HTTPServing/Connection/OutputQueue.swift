internal import TLS
internal import Transport

/// Output that the kernel has not taken yet, in order.
struct OutputQueue {
    enum Segment {
        case bytes([UInt8], from: Int)
        case file(FilePart)
    }

    /// The outcome of sending.
    enum Outcome {
        case emptied
        case blocked(progress: Bool)
        /// A file became shorter than it was.
        case truncated
        /// The client has left.
        case disconnected
    }

    private var segments: [Segment] = []

    var isEmpty: Bool { segments.isEmpty }

    /// Bytes that are still to be sent.
    var count: Int64 {
        segments.reduce(0) { total, segment in
            switch segment {
            case .bytes(let bytes, let start): total + Int64(bytes.count - start)
            case .file(let part): total + Int64(part.remaining)
            }
        }
    }

    mutating func append(_ bytes: [UInt8], from start: Int = 0) {
        if start < bytes.count { segments.append(.bytes(bytes, from: start)) }
    }

    mutating func append(_ file: FilePart) {
        if file.remaining > 0 { segments.append(.file(file)) }
    }

    /// Sends until nothing is left, the kernel takes no more, or the limit of one turn is reached.
    mutating func send(to stream: borrowing ByteStream) -> Outcome {
        var sent = 0
        while let segment = segments.first {
            do throws(SystemError) {
                switch try Self.send(segment, to: stream, more: segments.count > 1) {
                case .moved(let count):
                    sent += count
                    advance(by: count)
                    // The rest in a later turn: a fast reader of a large file must not hold up the others.
                    if sent >= Self.turnMax { return isEmpty ? .emptied : .blocked(progress: true) }
                case .blocked: return .blocked(progress: sent > 0)
                case .ended: return .truncated
                }
            } catch { return .disconnected }
        }
        return .emptied
    }

    private static let turnMax = 1 << 20

    private static func send(
        _ segment: Segment, to stream: borrowing ByteStream, more: Bool
    ) throws(SystemError) -> Progress {
        switch segment {
        case .bytes(let bytes, let start):
            try stream.write(bytes, start..<bytes.count, more: more)
        case .file(let part):
            try stream.send(part.reader, from: part.offset, count: min(part.remaining, turnMax))
        }
    }

    private mutating func advance(by count: Int) {
        switch segments[0] {
        case .bytes(let bytes, let start):
            if start + count == bytes.count { return drop() }
            segments[0] = .bytes(bytes, from: start + count)
        case .file(let part):
            part.offset += Int64(count)
            part.remaining -= count
            if part.remaining == 0 { drop() }
        }
    }

    private mutating func drop() { segments.removeFirst() }
}
