internal import CLinux
internal import Glibc

/// A system call that failed.
package struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    package var call: String
    package var code: CInt

    package init(_ call: StaticString, _ code: CInt) {
        self.call = "\(call)"
        self.code = code
    }

    /// For example `bind: Address already in use (98)`.
    package var description: String {
        let message = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "unknown error"
        return "\(call): \(message) (\(code))"
    }
}

/// What a non-blocking transfer achieved.
package enum Progress: Equatable, Sendable {
    case moved(Int)
    case blocked
    /// The other side sends no more.
    case ended
}

/// Runs one system call, repeating it when a signal interrupts.
@inline(never)  // Keeps reference counting from touching errno before it is read.
@discardableResult
func systemCall(_ name: StaticString, _ body: () -> Int) throws(SystemError) -> Int {
    while true {
        let result = body()
        if result != -1 { return result }
        switch errno {
        case EINTR: continue
        case EBADF, EFAULT: preconditionFailure("\(name): not our descriptor or buffer")
        case let code: throw SystemError(name, code)
        }
    }
}

/// Runs one system call on a non-blocking descriptor; would-block is an outcome, not a failure.
func transfer(_ name: StaticString, _ body: () -> Int) throws(SystemError) -> Progress {
    do throws(SystemError) {
        return .moved(try systemCall(name, body))
    } catch {
        // On Linux EWOULDBLOCK is EAGAIN.
        if error.code == EAGAIN { return .blocked }
        throw error
    }
}

/// An open file descriptor, closed exactly once.
package struct OwnedDescriptor: ~Copyable, Sendable {
    package let number: CInt

    package init(adopting number: CInt) {
        precondition(number >= 0)
        self.number = number
    }

    deinit { _ = close(number) }  // Never retried: on Linux EINTR still closed it.

    /// Gives the descriptor to a C library that will close it.
    package consuming func release() -> CInt {
        let number = self.number
        discard self
        return number
    }
}

extension SystemError {
    /// As `bind` says it, found out before binding.
    package static let addressInUse = SystemError("bind", EADDRINUSE)
    /// A file ends before what is asked of it.
    package static let fileTooShort = SystemError("read", ENODATA)
}

/// What the process lets others see of its memory, and what it keeps of it.
package enum ProcessMemory {
    /// Gives back the code that was run once: starting goes through much of it, and the kernel counts that
    /// as ours as long as it has memory to spare. What runs again is there again.
    package static func returnCodePages() { linux_return_code_pages() }

    /// From now on a crash leaves no core file and no backtrace with values (the runtime's crash handler is
    /// taken out), and other programs of the same user cannot read the memory: a key is in it.
    package static func keepPrivate() throws(SystemError) {
        try systemCall("prctl") { Int(linux_forbid_dumps()) }
    }
}

/// What the system allows this process.
package enum ProcessLimits {
    /// Raises how many files may be open at once to `wanted`, or as near as we may; returns how many it is.
    /// Nothing here uses select(2), which cannot count beyond 1024.
    package static func raiseDescriptors(to wanted: Int) -> Int {
        let allowed = Int(linux_raise_descriptors(Int64(wanted)))
        // getrlimit(2) cannot fail here; what POSIX promises then.
        return allowed > 0 ? allowed : 1024
    }
}
