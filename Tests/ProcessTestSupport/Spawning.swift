package import Glibc
import Synchronization

/// The few system calls with which a test starts, hears and reaps a program.
package enum Spawning {
    package struct Failure: Error { var call: String, code: CInt }

    /// A child, and the ends of the pipes that it writes to.
    package struct Child { var number: pid_t, output: CInt, errors: CInt }

    /// Held from a pipe's making to the end of the start, lest another child inherit the end that is
    /// written to.
    private static let starting = Mutex(())

    /// Starts a program found by its whole path, with nothing to read.
    package static func spawn(_ arguments: [String], _ environment: [String: String]) throws -> Child {
        try starting.withLock { _ in
            let output = try pipe()
            let errors = try pipe()
            defer {
                close(output.write)
                close(errors.write)
            }
            let number = try spawn(arguments, environment, streams: (output.write, errors.write))
            return Child(number: number, output: output.read, errors: errors.read)
        }
    }

    private static func pipe() throws -> (read: CInt, write: CInt) {
        var ends: [CInt] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { throw Failure(call: "pipe", code: errno) }
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
        guard code == 0 else { throw Failure(call: "posix_spawn \(arguments[0])", code: code) }
        return number
    }

    /// Waits for a child's end and leaves it to be reaped.
    package static func waitUntilEnded(_ number: pid_t) {
        var info = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(number), &info, WEXITED | WNOWAIT) == -1, errno == EINTR {}
    }

    /// The exit code of a child that has ended, or minus its signal.
    package static func reap(_ number: pid_t) -> CInt {
        var status: CInt = 0
        while unsafe waitpid(number, &status, 0) == -1, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : -signal
    }

    /// What is there to read; `nil` at the end.
    package static func read(_ descriptor: CInt) -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { return Array(buffer.prefix(count)) }
            guard count == -1, errno == EINTR else { return nil }
        }
    }
}
