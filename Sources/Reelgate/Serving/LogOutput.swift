import Dispatch
import Synchronization

/// Writes log lines on a thread of its own: nothing else waits for their reader.
///
/// Lines wait in memory up to a limit, and are then dropped and counted.
final class LogOutput: Sendable {
    fileprivate struct State {
        /// Each of whole lines.
        var chunks: [[UInt8]] = []
        var bytes = 0
        /// Lines that were dropped since the last one that was written.
        var dropped = 0
        /// Whether the thread has been asked to write.
        var isWriting = false
        /// Whether a line was written in part: the disk was full.
        var isInLine = false
    }

    /// Bytes of lines in memory at most.
    static let bytesMax = 1 << 20
    /// Bytes beyond which the lines of requests wait elsewhere, so that other lines have room.
    private static let requestBytesMax = 256 << 10

    /// The log of the process.
    static let standardError = LogOutput(
        wholeWriteMax: StandardStream.error.wholeWriteMax, write: { StandardStream.error.write($0) })

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "reelgate.log")
    private let wholeWriteMax: Int
    private let write: @Sendable ([UInt8]) -> Int

    /// - Parameters:
    ///   - wholeWriteMax: Bytes that are written with one call at most, unless one line is longer.
    ///   - write: Writes whole lines, and returns how many bytes it could write. May block for any time.
    init(wholeWriteMax: Int, write: @escaping @Sendable ([UInt8]) -> Int) {
        self.wholeWriteMax = wholeWriteMax
        self.write = write
    }

    /// Adds whole lines, to be written at once. Never waits.
    func append(_ lines: [UInt8], count: Int = 1) {
        let mustStart = state.withLock { state in
            guard state.bytes + lines.count <= Self.bytesMax else {
                state.dropped += count
                return false
            }
            state.chunks.append(lines)
            state.bytes += lines.count
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if mustStart { queue.async { @Sendable in self.writeAll() } }
    }

    /// Adds a line.
    func append(_ line: String) { append(Array("\(line)\n".utf8)) }

    /// Whether lines of requests have room.
    var hasRoom: Bool { state.withLock { $0.bytes < Self.requestBytesMax } }

    /// Takes the number of lines that were dropped, once there is room for a line that says it.
    func takeDropped() -> Int {
        state.withLock { state in
            guard state.dropped > 0, state.bytes < Self.requestBytesMax else { return 0 }
            defer { state.dropped = 0 }
            return state.dropped
        }
    }

    /// Waits until all lines are written, or until the time is over: nobody may read them. Blocks.
    func flush(within bound: DispatchTimeInterval) {
        let done = DispatchSemaphore(value: 0)
        queue.async { @Sendable in done.signal() }
        _ = done.wait(timeout: .now() + bound)
    }

    private func writeAll() {
        while let lines = next() {
            let isInLine = state.withLock { $0.isInLine }
            // What is left of a line is ended, so that it spoils no other.
            if isInLine, write([Self.lineEnd]) == 0 {
                state.withLock { $0.skip(lines, after: 0) }
                continue
            }
            let written = write(lines)
            state.withLock { state in
                state.isInLine = false
                if written < lines.count { state.skip(lines, after: written) } else { state.bytes -= written }
            }
        }
    }

    fileprivate static let lineEnd = UInt8(ascii: "\n")

    /// Takes the first lines, as many as are written at once.
    private func next() -> [UInt8]? {
        state.withLock { state in
            guard !state.chunks.isEmpty else {
                state.isWriting = false
                return nil
            }
            var count = 1
            var size = state.chunks[0].count
            while count < state.chunks.count, size + state.chunks[count].count <= wholeWriteMax {
                size += state.chunks[count].count
                count += 1
            }
            defer { state.chunks.removeFirst(count) }
            return count == 1 ? state.chunks[0] : Array(state.chunks[..<count].joined())
        }
    }
}

extension LogOutput.State {
    /// Drops the lines of which only so many bytes were written.
    fileprivate mutating func skip(_ lines: [UInt8], after written: Int) {
        bytes -= lines.count
        dropped += lines[written...].count { $0 == LogOutput.lineEnd }
        if written > 0 { isInLine = lines[written - 1] != LogOutput.lineEnd }
    }
}
