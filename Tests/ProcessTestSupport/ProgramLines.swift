import Foundation
import Glibc
import Synchronization

/// The output of a program to one stream, as bytes and as lines.
///
/// It is split into lines only where a test asks for one: swift-testing records a backtrace for each error
/// that is thrown, such as the ones in the standard library for bytes of a video that are no UTF-8.
package final class ProgramLines: Sendable {
    fileprivate struct State {
        var bytes: [UInt8] = []
        /// The lines among the bytes that were looked at.
        var lines: [String] = []
        /// The bytes that were looked at.
        var splitEnd = 0
        /// The start of the first line that is not in `lines`.
        var lineStart = 0
        var hasEnded = false
        var nextWaiter = 0
        var waiters: [Int: Waiter] = [:]
    }

    fileprivate struct Waiter {
        /// `nil` waits for the end.
        var isWanted: (@Sendable (String) -> Bool)?
        /// Lines that are known not to be wanted.
        var checked = 0
        var continuation: CheckedContinuation<String?, Never>
    }

    private let state = Mutex(State())

    package var bytes: [UInt8] { state.withLock { $0.bytes } }
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Returns the first wanted line, past or future; `nil` if the stream ends or the test is cancelled.
    package func first(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await wait(for: isWanted)
    }

    /// Waits for the end of the stream and returns its bytes.
    package func all() async -> [UInt8] {
        _ = await wait(for: nil)
        return bytes
    }

    private func wait(for isWanted: (@Sendable (String) -> Bool)?) async -> String? {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                update { $0.waiters[number] = Waiter(isWanted: isWanted, continuation: continuation) }
                // The handler may have run before.
                if Task.isCancelled { cancel(number) }
            }
        } onCancel: {
            cancel(number)
        }
    }

    private func cancel(_ number: Int) {
        state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume(returning: nil)
    }

    /// Reads a descriptor to its end on a new thread and closes it.
    package func read(from descriptor: CInt) {
        Thread.detachNewThread { [self] in
            while let piece = Spawning.read(descriptor) { update { $0.bytes += piece } }
            close(descriptor)
            update { $0.hasEnded = true }
        }
    }

    /// Changes the state, and resumes those who waited for that.
    private func update(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            return state.takeWaiters()
        }
        for (waiter, line) in waiters { waiter.resume(returning: line) }
    }
}

extension ProgramLines.State {
    /// Removes and returns the waiters with a matching line; at the end of the stream all of them.
    fileprivate mutating func takeWaiters() -> [(CheckedContinuation<String?, Never>, String?)] {
        var taken: [(CheckedContinuation<String?, Never>, String?)] = []
        for (number, waiter) in waiters {
            let line = waiter.isWanted.flatMap { firstLine(after: waiter.checked, where: $0) }
            if line != nil || hasEnded {
                waiters[number] = nil
                taken.append((waiter.continuation, line))
            } else {
                waiters[number]?.checked = lines.count
            }
        }
        return taken
    }

    private mutating func firstLine(after checked: Int, where isWanted: (String) -> Bool) -> String? {
        split()
        return lines[checked...].first(where: isWanted)
    }

    /// Splits what has come since the last time. At the end of the stream the last line needs no line end.
    private mutating func split() {
        while splitEnd < bytes.count {
            if bytes[splitEnd] == UInt8(ascii: "\n") { closeLine(at: splitEnd) }
            splitEnd += 1
        }
        if hasEnded, lineStart < bytes.count { closeLine(at: bytes.count) }
    }

    private mutating func closeLine(at end: Int) {
        lines.append(String(decoding: bytes[lineStart..<end], as: UTF8.self))
        lineStart = end + 1
    }
}
