import Foundation
package import Glibc
import Synchronization

/// A child process of a test, with its output by lines and its exit status. Killed at the latest with this
/// object, and always reaped.
package final class RunningProgram: Sendable {
    package let name: String
    package let output = ProgramLines()
    package let errors = ProgramLines()
    private let life: ProgramLife

    /// Starts a program in a folder, with exactly this environment.
    package init(_ path: String, _ arguments: [String], environment: [String: String], folder: String) throws
    {
        name = path.split(separator: "/").last.map(String.init) ?? path
        // env(1) changes to the folder and executes the program.
        let child = try Spawning.spawn(["/usr/bin/env", "-C", folder, path] + arguments, environment)
        life = ProgramLife(processID: child.processID)
        output.read(from: child.output)
        errors.read(from: child.errors)
        life.watch()
    }

    deinit { life.signal(SIGKILL) }

    /// The process ID.
    package var pid: pid_t { life.processID }

    /// Sends a signal, unless the program has exited.
    package func signal(_ signal: CInt) { life.signal(signal) }

    /// Waits for the exit and the end of all output; returns the status, or minus the signal that killed it.
    /// Cancellation kills it.
    package func end() async -> CInt {
        let status = await withTaskCancellationHandler {
            await life.end()
        } onCancel: {
            life.signal(SIGKILL)
        }
        // What it wrote last may not have been read yet.
        _ = await output.all()
        _ = await errors.all()
        return status
    }

    /// Waits for a line of a stream that contains a text, and returns the line.
    package func line(
        of lines: any KeyPath<RunningProgram, ProgramLines> & Sendable, containing text: String
    ) async throws -> String {
        guard let line = await self[keyPath: lines].first(where: { $0.contains(text) }) else {
            throw ProgramEndedError(program: name, missing: text, output: output.text + errors.text)
        }
        return line
    }
}

extension RunningProgram {
    /// Waits for the log line that names the first address, and returns that address.
    package func listeningAddress() async throws -> String {
        let message = "listening on "
        let line = try await line(of: \.output, containing: message)
        let rest = line.firstRange(of: message).map { line[$0.upperBound...] } ?? ""
        return String(rest.prefix { $0 != " " && $0 != "," })
    }
}

/// A process from its start until it is reaped.
private final class ProgramLife: Sendable {
    private struct State {
        var status: CInt?
        var waiting: [CheckedContinuation<CInt, Never>] = []
    }

    let processID: pid_t
    private let state = Mutex(State())

    init(processID: pid_t) { self.processID = processID }

    func signal(_ signal: CInt) {
        state.withLock { state in
            // The process is reaped under the same lock, so the ID is never reused here.
            if state.status == nil { kill(processID, signal) }
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
            Spawning.waitUntilExited(processID)
            let (status, waiting) = state.withLock { state in
                let status = Spawning.reap(processID)
                state.status = status
                defer { state.waiting = [] }
                return (status, state.waiting)
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }
    }
}
