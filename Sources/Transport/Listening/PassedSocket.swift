internal import CLinux
internal import Glibc

/// A listening socket that this process was started with: a service manager made it, and keeps it.
///
/// Whoever connects waits in it, also while no process of ours runs. Each loop accepts from a descriptor of
/// its own for the one socket.
package final class PassedSocket: Sendable {
    /// Where it listens.
    package let address: SocketAddress

    private let descriptor: OwnedDescriptor

    /// Takes over an open descriptor: programs that we start do not get it, and it never blocks. Throws why
    /// nobody can be accepted from it, and then leaves it as it is.
    package init(adopting number: CInt) throws(Unfit) {
        // Not `systemCall`, for which a closed descriptor is our own mistake. Here it is the parent's.
        guard number >= 0, fcntl(number, F_GETFD) >= 0 else { throw .notOpen }
        guard let kind = Self.option(SO_TYPE, of: number) else { throw .noSocket }
        guard kind == CInt(SOCK_STREAM.rawValue) else { throw .noStream }
        guard Self.option(SO_ACCEPTCONN, of: number) == 1 else { throw .notListening }
        var name = SocketName()
        let status = unsafe name.withMutablePointer { unsafe getsockname(number, $0, $1) }
        guard status == 0, [AF_INET, AF_INET6, AF_UNIX].contains(name.family) else { throw .strangeFamily }
        let flags = fcntl(number, F_GETFL)
        guard fcntl(number, F_SETFD, FD_CLOEXEC) == 0, fcntl(number, F_SETFL, flags | O_NONBLOCK) == 0 else {
            throw .notOpen
        }
        address = name.address
        descriptor = OwnedDescriptor(adopting: number)
    }

    /// A further descriptor for the same socket.
    func duplicate() throws(SystemError) -> OwnedDescriptor {
        let number = descriptor.number
        return OwnedDescriptor(
            adopting: CInt(try systemCall("fcntl") { Int(fcntl(number, F_DUPFD_CLOEXEC, 0)) }))
    }

    private static func option(_ option: CInt, of number: CInt) -> CInt? {
        var value: CInt = 0
        var length = socklen_t(MemoryLayout<CInt>.size)
        return unsafe getsockopt(number, SOL_SOCKET, option, &value, &length) == 0 ? value : nil
    }

    /// Why nobody can be accepted from a descriptor; as the end of a sentence about it.
    package enum Unfit: String, Error, CaseIterable, Sendable {
        case notOpen = "is not open"
        case noSocket = "is not a socket"
        case noStream = "is not a stream socket"
        case notListening = "is a socket that does not listen"
        case strangeFamily = "is neither of IPv4, nor of IPv6, nor a unix-domain socket"
    }
}
