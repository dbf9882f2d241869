internal import CLinux
internal import Glibc

/// Runs a system call, repeating it when a signal interrupts it.
@inline(never)  // Keeps reference counting from touching errno before it is read.
@discardableResult
func systemCall(_ name: StaticString, _ body: () -> Int) throws(SystemError) -> Int {
    while true {
        let result = body()
        if result != -1 { return result }
        switch errno {
        case EINTR: continue
        case EBADF, EFAULT: preconditionFailure("\(name): invalid descriptor or buffer")
        case let code: throw SystemError(name, code)
        }
    }
}

/// Runs a system call on a non-blocking descriptor; would-block is a result, not an error.
func transfer(_ name: StaticString, _ body: () -> Int) throws(SystemError) -> Progress {
    do throws(SystemError) {
        return .moved(try systemCall(name, body))
    } catch {
        // On Linux EWOULDBLOCK is EAGAIN.
        if error.code == EAGAIN { return .blocked }
        throw error
    }
}
