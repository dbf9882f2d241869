internal import CLinux
internal import Glibc

/// A connected, non-blocking stream socket; closed when it is destroyed.
package struct StreamSocket: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// The file descriptor, for registration on a reactor.
    package var fileDescriptor: CInt { descriptor.fileDescriptor }

    /// Adopts a non-blocking descriptor.
    package init(adopting descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Sends small writes without delay (TCP_NODELAY). No effect on unix-domain sockets.
    package func disableDelay() {
        var on: CInt = 1
        _ = unsafe setsockopt(
            fileDescriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    /// The user who connected through a unix-domain socket; `nil` for other sockets.
    package var peerUser: UInt32? {
        var user = uid_t.max
        // The kernel reports an unknown user, the maximum, for sockets of other families.
        guard unsafe linux_peer_user(fileDescriptor, &user) == 0, user != uid_t.max else { return nil }
        return user
    }

    /// Reads available bytes into the buffer from `start`.
    package func read(into buffer: inout [UInt8], from start: Int = 0) throws(SystemError) -> Progress {
        let room = buffer.count - start
        precondition(room > 0, "a read without room would look like an end")
        let fileDescriptor = self.fileDescriptor
        let progress = try transfer("recv") {
            unsafe buffer.withUnsafeMutableBytes {
                unsafe linux_receive(fileDescriptor, $0.baseAddress! + start, room)
            }
        }
        return progress == .moved(0) ? .ended : progress
    }

    /// Writes the bytes in `range`, as many as the kernel accepts. `more`: further bytes follow immediately
    /// (MSG_MORE).
    package func write(
        _ bytes: [UInt8], _ range: Range<Int>, more: Bool = false
    ) throws(SystemError) -> Progress {
        precondition(range.upperBound <= bytes.count)
        let flags = CInt(MSG_NOSIGNAL) | (more ? CInt(MSG_MORE) : 0)
        let fileDescriptor = self.fileDescriptor
        return try transfer("send") {
            unsafe bytes.withUnsafeBytes {
                unsafe linux_send(fileDescriptor, $0.baseAddress! + range.lowerBound, range.count, flags)
            }
        }
    }

    /// Sends part of a file without copying it to user space; `ended` if the file has no byte at `offset`.
    package func send(
        _ file: FileReader, from offset: Int64, count: Int
    ) throws(SystemError) -> Progress {
        var position = off_t(offset)
        let (socket, source) = (fileDescriptor, file.fileDescriptor)
        let progress = try transfer("sendfile") { unsafe sendfile(socket, source, &position, count) }
        return progress == .moved(0) ? .ended : progress
    }

    /// Shuts down the sending direction; reading continues.
    package func endSending() { _ = shutdown(fileDescriptor, CInt(SHUT_WR)) }

    /// Makes the next close a reset (RST): unsent bytes are dropped and the peer gets an error.
    package func resetOnClose() {
        var setting = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            fileDescriptor, SOL_SOCKET, SO_LINGER, &setting, socklen_t(MemoryLayout<linger>.size))
    }

    /// Closes the socket now.
    package consuming func close() {}
}
