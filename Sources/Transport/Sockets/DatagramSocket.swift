internal import CLinux
internal import Glibc

/// A unix-domain datagram socket for one-way notifications to another process.
package struct DatagramSocket: ~Copyable {
    private let descriptor: OwnedDescriptor

    package init() throws(SystemError) {
        let kind = CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let fileDescriptor = try systemCall("socket") { Int(Glibc.socket(AF_UNIX, kind, 0)) }
        descriptor = OwnedDescriptor(adopting: CInt(fileDescriptor))
    }

    /// Sends one datagram. A path that begins with `@` is a name in Linux's abstract namespace.
    package func send(_ bytes: [UInt8], toPath path: String) throws(SystemError) {
        let name = try RawSocketAddress(.unix(path: path))
        let fileDescriptor = descriptor.fileDescriptor
        let flags = CInt(MSG_NOSIGNAL)
        try systemCall("sendto") {
            Int(
                unsafe name.withPointer { address, length in
                    CInt(unsafe sendto(fileDescriptor, bytes, bytes.count, flags, address, length))
                })
        }
    }
}
