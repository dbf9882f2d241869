internal import CLinux
internal import Glibc

/// An inherited listening socket (systemd socket activation).
///
/// Connections queue in it while the service restarts. Each event loop accepts from its own duplicate of the
/// descriptor.
package final class InheritedSocket: Sendable {
    /// The address that it listens on.
    package let address: SocketAddress

    private let descriptor: OwnedDescriptor

    /// Adopts an open descriptor and makes it non-blocking and close-on-exec. Throws, and leaves the
    /// descriptor unchanged, if no connection can be accepted from it.
    package init(adopting fileDescriptor: CInt) throws(AdoptionError) {
        // Not `systemCall`, which traps on a closed descriptor: here that is the parent's error.
        guard fileDescriptor >= 0, fcntl(fileDescriptor, F_GETFD) >= 0 else { throw .notOpen }
        guard let kind = Self.option(SO_TYPE, of: fileDescriptor) else { throw .notASocket }
        guard kind == CInt(SOCK_STREAM.rawValue) else { throw .notAStreamSocket }
        guard Self.option(SO_ACCEPTCONN, of: fileDescriptor) == 1 else { throw .notListening }
        var name = RawSocketAddress()
        let status = unsafe name.withMutablePointer { unsafe getsockname(fileDescriptor, $0, $1) }
        guard status == 0, [AF_INET, AF_INET6, AF_UNIX].contains(name.family) else {
            throw .unsupportedFamily
        }
        let flags = fcntl(fileDescriptor, F_GETFL)
        guard fcntl(fileDescriptor, F_SETFD, FD_CLOEXEC) == 0,
            fcntl(fileDescriptor, F_SETFL, flags | O_NONBLOCK) == 0
        else {
            throw .notOpen
        }
        address = name.address
        descriptor = OwnedDescriptor(adopting: fileDescriptor)
    }

    /// Returns another descriptor for the same socket.
    func duplicate() throws(SystemError) -> OwnedDescriptor {
        let fileDescriptor = descriptor.fileDescriptor
        return OwnedDescriptor(
            adopting: CInt(try systemCall("fcntl") { Int(fcntl(fileDescriptor, F_DUPFD_CLOEXEC, 0)) }))
    }

    private static func option(_ option: CInt, of fileDescriptor: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return unsafe getsockopt(fileDescriptor, SOL_SOCKET, option, &value, &length) == 0 ? value : nil
    }

    /// The reason why a descriptor cannot be used; its text completes a sentence about the descriptor.
    package enum AdoptionError: String, Error, CaseIterable, Sendable {
        case notOpen = "is not open"
        case notASocket = "is not a socket"
        case notAStreamSocket = "is not a stream socket"
        case notListening = "is a socket that is not listening"
        case unsupportedFamily = "is not an IPv4, IPv6 or unix-domain socket"
    }
}
