internal import CLinux
internal import Glibc

/// A connected, non-blocking stream socket, closed when it goes.
package struct StreamSocket: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// The number to watch it by.
    package var number: CInt { descriptor.number }

    /// Takes over a descriptor that already is non-blocking.
    package init(adopting descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

    /// Sends small writes at once (TCP_NODELAY). Without effect on unix-domain sockets.
    package func sendAtOnce() {
        var on: CInt = 1
        _ = unsafe setsockopt(
            number, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
    }

    /// Reads into the buffer from `start` on, as much as there is and fits.
    package func read(into buffer: inout [UInt8], from start: Int = 0) throws(SystemError) -> Progress {
        let room = buffer.count - start
        precondition(room > 0, "a read without room would look like an end")
        let number = self.number
        let progress = try transfer("recv") {
            unsafe buffer.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress! + start, room, 0) }
        }
        return progress == .moved(0) ? .ended : progress
    }

    /// Writes what stands in `range`, as much as the kernel takes. `more`: further bytes follow at once.
    package func write(
        _ bytes: [UInt8], _ range: Range<Int>, more: Bool = false
    ) throws(SystemError) -> Progress {
        precondition(range.upperBound <= bytes.count)
        let flags = CInt(MSG_NOSIGNAL) | (more ? CInt(MSG_MORE) : 0)
        let number = self.number
        return try transfer("send") {
            unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress! + range.lowerBound, range.count, flags)
            }
        }
    }

    /// Sends part of a file without reading it into our memory; `ended` if the file has no byte there.
    package func send(
        _ file: borrowing OpenFile, from offset: Int64, count: Int
    ) throws(SystemError) -> Progress {
        var position = off_t(offset)
        let (socket, source) = (number, file.number)
        let progress = try transfer("sendfile") { unsafe sendfile(socket, source, &position, count) }
        return progress == .moved(0) ? .ended : progress
    }

    /// Sends the end of our side; reading goes on.
    package func endSending() { _ = shutdown(number, CInt(SHUT_WR)) }

    /// Makes the coming close a reset (RST): unsent bytes are dropped and the other side gets an error.
    package func resetOnClose() {
        var setting = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            number, SOL_SOCKET, SO_LINGER, &setting, socklen_t(MemoryLayout<linger>.size))
    }

    /// Closes it now.
    package consuming func close() {}
}

/// A unix-domain datagram socket, for one-way words to another process.
package struct DatagramSocket: ~Copyable {
    private let descriptor: OwnedDescriptor

    package init() throws(SystemError) {
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let number = try systemCall("socket") { Int(Glibc.socket(AF_UNIX, kind, 0)) }
        descriptor = OwnedDescriptor(adopting: CInt(number))
    }

    /// Sends one datagram. A path that begins with `@` is a name in Linux's abstract namespace.
    package func send(_ bytes: [UInt8], toPath path: String) throws(SystemError) {
        let name = try SocketName(.unix(path: path))
        let number = descriptor.number
        let flags = CInt(MSG_NOSIGNAL)
        try systemCall("sendto") {
            Int(
                unsafe name.withPointer { place, length in
                    CInt(unsafe sendto(number, bytes, bytes.count, flags, place, length))
                })
        }
    }
}
