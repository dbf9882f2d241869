package import Glibc
import Synchronization

/// The system calls that start, read and reap a child process.
package enum Spawning {
    /// A failed system call.
    package struct SpawnError: Error { var call: String, code: CInt }

    /// A child process and the read ends of its output pipes.
    package struct Child { var processID: pid_t, output: CInt, errors: CInt }

    /// Held from the creation of a pipe to the start of the child: no other child may inherit the write end.
    private static let starting = Mutex(())

    /// Starts a program by its absolute path, with /dev/null as standard input.
    package static func spawn(_ arguments: [String], _ environment: [String: String]) throws -> Child {
        try starting.withLock { _ in
            let output = try pipe()
            let errors = try pipe()
            defer {
                close(output.write)
                close(errors.write)
            }
            let processID = try spawn(arguments, environment, streams: (output.write, errors.write))
            return Child(processID: processID, output: output.read, errors: errors.read)
        }
    }

    private static func pipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw SpawnError(call: "pipe", code: errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func spawn(
        _ arguments: [String], _ environment: [String: String], streams: (CInt, CInt)
    ) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, streams.0, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, streams.1, 2)

        var texts = unsafe arguments.map { unsafe strdup($0) } + [nil]
        var variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
        defer { unsafe (texts + variables).forEach { unsafe free($0) } }
        var number = pid_t()
        let code = unsafe posix_spawn(&number, arguments[0], &actions, nil, &texts, &variables)
        guard code == 0 else { throw SpawnError(call: "posix_spawn \(arguments[0])", code: code) }
        return number
    }

    /// Waits until a child has exited, without reaping it.
    package static func waitUntilExited(_ processID: pid_t) {
        var info = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    }

    /// Reaps a child; returns its exit status, or minus the signal that killed it.
    package static func reap(_ processID: pid_t) -> CInt {
        var status: CInt = 0
        while unsafe waitpid(processID, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    /// Reads available bytes; returns `nil` at the end.
    package static func read(_ descriptor: CInt) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { return Array(buffer.prefix(count)) }
            guard count == -1, errno == EINTR else { return nil }
        }
    }
}
