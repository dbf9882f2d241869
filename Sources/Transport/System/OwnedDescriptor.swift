internal import Glibc

/// An open file descriptor, closed exactly once.
package struct OwnedDescriptor: ~Copyable, Sendable {
    package let fileDescriptor: CInt

    package init(adopting fileDescriptor: CInt) {
        precondition(fileDescriptor >= 0)
        self.fileDescriptor = fileDescriptor
    }

    deinit { _ = close(fileDescriptor) }  // Never retried: on Linux EINTR still closed it.

    /// Writes all of the bytes at the descriptor's position, or at the end of a file that is appended to.
    /// Blocks.
    func writeAll(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        let fileDescriptor = fileDescriptor
        while written < bytes.count {
            let start = written
            written += try systemCall("write") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe write(fileDescriptor, buffer.baseAddress! + start, buffer.count - start)
                }
            }
        }
    }

    /// Releases ownership to a C library that will close the descriptor.
    package consuming func release() -> CInt {
        let fileDescriptor = self.fileDescriptor
        discard self
        return fileDescriptor
    }
}
