import Foundation
import Glibc
import Synchronization

/// The output of a program to one stream, as bytes and as lines.
package final class ProgramLines: Sendable {
    fileprivate struct State {
        var bytes: [UInt8] = []
        var lines: [String] = []
        /// The start of the incomplete last line.
        var lineStart = 0
        var hasEnded = false
        var nextWaiter = 0
        var waiters: [Int: Waiter] = [:]
    }

    fileprivate struct Waiter {
        var isWanted: @Sendable (String) -> Bool
        var continuation: CheckedContinuation<String?, Never>
    }

    private let state = Mutex(State())

    package var bytes: [UInt8] { state.withLock { $0.bytes } }
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Returns the first wanted line, past or future; `nil` if the stream ends or the test is cancelled.
    package func first(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let response: String?? = state.withLock { state in
                    if let line = state.lines.first(where: isWanted) { return line }
                    if state.hasEnded || Task.isCancelled { return .some(nil) }
                    state.waiters[number] = Waiter(isWanted: isWanted, continuation: continuation)
                    return nil
                }
                if let response { continuation.resume(returning: response) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume(returning: nil)
        }
    }

    /// Waits for the end of the stream and returns its bytes.
    package func all() async -> [UInt8] {
        _ = await first { _ in false }
        return bytes
    }

    /// Reads a descriptor to its end on a new thread and closes it.
    package func read(from descriptor: CInt) {
        Thread.detachNewThread { [self] in
            while let piece = Spawning.read(descriptor) { append(piece) }
            close(descriptor)
            let waiters = state.withLock { state in
                if state.lineStart < state.bytes.count { state.closeLine(at: state.bytes.count) }
                state.hasEnded = true
                return state.takeWaiters()
            }
            for (waiter, line) in waiters { waiter.resume(returning: line) }
        }
    }

    private func append(_ piece: [UInt8]) {
        let waiters = state.withLock { state in
            let start = state.bytes.count
            state.bytes += piece
            for index in start..<state.bytes.count where state.bytes[index] == UInt8(ascii: "\n") {
                state.closeLine(at: index)
            }
            return state.takeWaiters()
        }
        for (waiter, line) in waiters { waiter.resume(returning: line) }
    }
}

extension ProgramLines.State {
    fileprivate mutating func closeLine(at end: Int) {
        lines.append(String(decoding: bytes[lineStart..<end], as: UTF8.self))
        lineStart = end + 1
    }

    /// Removes and returns the waiters with a matching line; at the end of the stream all of them.
    fileprivate mutating func takeWaiters() -> [(CheckedContinuation<String?, Never>, String?)] {
        var taken: [(CheckedContinuation<String?, Never>, String?)] = []
        for (number, waiter) in waiters {
            let line = lines.first(where: waiter.isWanted)
            guard line != nil || hasEnded else { continue }
            waiters[number] = nil
            taken.append((waiter.continuation, line))
        }
        return taken
    }
}
