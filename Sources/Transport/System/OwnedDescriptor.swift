internal import Glibc

/// An open file descriptor, closed exactly once.
package struct OwnedDescriptor: ~Copyable, Sendable {
    package let fileDescriptor: CInt

    package init(adopting fileDescriptor: CInt) {
        precondition(fileDescriptor >= 0)
        self.fileDescriptor = fileDescriptor
    }

    deinit { _ = close(fileDescriptor) }  // Never retried: on Linux EINTR still closed it.

    /// Releases ownership to a C library that will close the descriptor.
    package consuming func release() -> CInt {
        let fileDescriptor = self.fileDescriptor
        discard self
        return fileDescriptor
    }
}
