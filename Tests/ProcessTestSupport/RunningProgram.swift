import Foundation
package import Glibc
import Synchronization

/// A program that a test started: its lines as they come, and how it ended. Killed at the latest when the
/// test lets go of it, and always reaped.
package final class RunningProgram: Sendable {
    package let name: String
    package let output = ProgramLines()
    package let errors = ProgramLines()
    private let life: ProgramLife

    /// Starts a program in a folder, with this environment and no other.
    package init(_ path: String, _ arguments: [String], environment: [String: String], folder: String) throws
    {
        name = path.split(separator: "/").last.map(String.init) ?? path
        // env(1) goes to the folder and then becomes the program.
        let child = try Spawning.spawn(["/usr/bin/env", "-C", folder, path] + arguments, environment)
        life = ProgramLife(number: child.number)
        output.read(from: child.output)
        errors.read(from: child.errors)
        life.watch()
    }

    deinit { life.signal(SIGKILL) }

    /// The number of its process.
    package var pid: pid_t { life.number }

    /// Sends a signal, unless the program has ended.
    package func signal(_ signal: CInt) { life.signal(signal) }

    /// Waits for the end: the exit code, or minus the signal that ended it. A cancelled test kills it.
    package func end() async -> CInt {
        await withTaskCancellationHandler {
            await life.end()
        } onCancel: {
            life.signal(SIGKILL)
        }
    }

    /// Waits until a line of either stream has this, and returns the line.
    package func line(
        of lines: any KeyPath<RunningProgram, ProgramLines> & Sendable, having text: String
    ) async throws -> String {
        guard let line = await self[keyPath: lines].first(where: { $0.contains(text) }) else {
            throw EndedEarly(program: name, missing: text, said: output.text + errors.text)
        }
        return line
    }
}

/// A program ended, or the test was cancelled, before it said what was waited for.
package struct EndedEarly: Error, CustomStringConvertible {
    package var program: String
    package var missing: String
    package var said: String

    package var description: String { "\(program) never said \"\(missing)\", but:\n\(said)" }
}

/// The process behind a program, from its start until it is reaped.
private final class ProgramLife: Sendable {
    private struct State {
        var status: CInt?
        var waiting: [CheckedContinuation<CInt, Never>] = []
    }

    let number: pid_t
    private let state = Mutex(State())

    init(number: pid_t) { self.number = number }

    func signal(_ signal: CInt) {
        state.withLock { state in
            // Reaped under the same lock: the number is never somebody else's.
            if state.status == nil { kill(number, signal) }
        }
    }

    func end() async -> CInt {
        await withCheckedContinuation { continuation in
            let status = state.withLock { state in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    func watch() {
        Thread.detachNewThread { [self] in
            Spawning.waitUntilEnded(number)
            let (status, waiting) = state.withLock { state in
                let status = Spawning.reap(number)
                state.status = status
                defer { state.waiting = [] }
                return (status, state.waiting)
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }
    }
}
