internal import CLinux
internal import Glibc

/// A listening socket on a loop, which hands on each connection that it accepts.
///
/// When descriptors run out it pauses for a moment instead of spinning on a readiness that it cannot serve.
package final class Listener {
    /// Where it listens, the port resolved.
    package let address: SocketAddress

    private let reactor: Reactor
    private let onAccept: (consuming StreamSocket, SocketAddress) -> Void
    private var descriptor: OwnedDescriptor?
    private var watch: RegistrationID?
    private var pause: TimerID?
    /// The file that we made; `nil` for one that was there before us, which stays.
    private let pathIdentity: PathIdentity?
    private let isAdopted: Bool

    private static let acceptsPerTurnMax = 64
    private static let pauseLength = Duration.milliseconds(100)

    /// Listens at once. `shared`: further listeners of this process may take the same port (SO_REUSEPORT).
    package convenience init(
        at address: SocketAddress, on reactor: Reactor, shared: Bool = false,
        onAccept: @escaping (consuming StreamSocket, SocketAddress) -> Void
    ) throws(SystemError) {
        if case .unix(let path) = address { try Self.removeStaleSocket(at: path) }
        let socket = try Self.bound(to: address, shared: shared)
        try systemCall("listen") { Int(listen(socket.number, SOMAXCONN)) }
        let resolved = try Self.name(of: socket).address
        let identity: PathIdentity? = if case .unix(let path) = address { PathIdentity(path) } else { nil }
        try self.init(socket, at: resolved, .ours(identity), on: reactor, onAccept: onAccept)
    }

    /// Accepts from a socket that listens already. Several loops may do so at the same time; the kernel wakes
    /// them all, and who comes first has the connection. The socket's file is not removed at the end.
    package convenience init(
        adopting socket: PassedSocket, on reactor: Reactor,
        onAccept: @escaping (consuming StreamSocket, SocketAddress) -> Void
    ) throws(SystemError) {
        let descriptor = try socket.duplicate()
        try self.init(descriptor, at: socket.address, .adopted, on: reactor, onAccept: onAccept)
    }

    private enum Origin {
        /// Made by us, with the file of a unix-domain socket.
        case ours(PathIdentity?)
        case adopted
    }

    private init(
        _ socket: consuming OwnedDescriptor, at address: SocketAddress, _ origin: Origin,
        on reactor: Reactor, onAccept: @escaping (consuming StreamSocket, SocketAddress) -> Void
    ) throws(SystemError) {
        self.reactor = reactor
        self.onAccept = onAccept
        self.address = address
        switch origin {
        case .ours(let identity): (pathIdentity, isAdopted) = (identity, false)
        case .adopted: (pathIdentity, isAdopted) = (nil, true)
        }
        let number = socket.number
        descriptor = consume socket
        watch = try reactor.watch(number, for: .read) { [weak self] _ in _ = self?.acceptSome() }
    }

    /// Lets handshakes that have begun come to their end, and begins none. Who asks meanwhile asks again a
    /// second later, and finds whoever listens then; a close right after the last accept would reset who was
    /// let in between the two. Not for sockets that others have too, whose queue stays, nor for unix-domain
    /// ones. Returns whether it is done.
    package func beginClosing() -> Bool {
        guard !isAdopted, address.port != nil, let number = descriptor?.number else { return false }
        return linux_drop_first_packets(number) == 0
    }

    /// Accepts who is waiting to be, at most as many as the kernel lets wait.
    package func acceptRest() {
        for _ in 0..<Int(SOMAXCONN) / Self.acceptsPerTurnMax where acceptSome() {}
    }

    /// Ends a pause: to be called when a descriptor was closed, which may be the one that was missing.
    package func endPause() {
        guard let watch, let pause else { return }
        reactor.cancel(pause)
        self.pause = nil
        reactor.change(watch, to: .read)
    }

    /// Stops listening, and removes the file of a unix-domain socket if it is still ours.
    package func close() {
        if let watch { reactor.unwatch(watch) }
        if let pause { reactor.cancel(pause) }
        watch = nil
        pause = nil
        if descriptor != nil, case .unix(let path) = address, let pathIdentity,
            pathIdentity == PathIdentity(path)
        {
            _ = unsafe unlink(path)
        }
        descriptor = nil
    }

    deinit { close() }

    /// Whether this address could be bound by us alone: false when another process listens there, shared or
    /// not.
    package static func isFree(_ address: SocketAddress) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try bound(to: address, shared: false)
            return true
        } catch {
            if error.code == EADDRINUSE { return false }
            throw error
        }
    }
}

extension Listener {
    /// Accepts a turn's worth; whether there may be more.
    private func acceptSome() -> Bool {
        for _ in 0..<Self.acceptsPerTurnMax {
            // Closed by a callback.
            guard let number = descriptor?.number else { return false }
            var name = SocketName()
            let accepted = unsafe name.withMutablePointer { place, length in
                unsafe linux_accept(number, place, length)
            }
            if accepted >= 0 {
                let socket = StreamSocket(adopting: OwnedDescriptor(adopting: accepted))
                if name.family != AF_UNIX { socket.sendAtOnce() }
                onAccept(socket, name.address)
            } else if !goesOn(after: errno) {
                return false
            }
        }
        return true
    }

    /// Decides over a failed accept: whether to try the next at once.
    private func goesOn(after code: CInt) -> Bool {
        switch code {
        case EAGAIN: return false
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            pauseAccepting()
            return false
        // The connection's own trouble (accept(2) lists these): it is gone, the next may be well.
        default: return true
        }
    }

    private func pauseAccepting() {
        guard let watch, pause == nil else { return }
        reactor.change(watch, to: [])
        pause = reactor.schedule(after: Self.pauseLength) { [weak self] in self?.endPause() }
    }

    private static func bound(
        to address: SocketAddress, shared: Bool
    ) throws(SystemError) -> OwnedDescriptor {
        let name = try SocketName(address)
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = try systemCall("socket") { Int(Glibc.socket(name.family, kind, 0)) }
        let socket = OwnedDescriptor(adopting: CInt(number))
        if name.family != AF_UNIX {
            try enable(SOL_SOCKET, SO_REUSEADDR, on: socket)
            if shared { try enable(SOL_SOCKET, SO_REUSEPORT, on: socket) }
        }
        // `[::]` is then IPv6 alone and leaves `0.0.0.0` to another listener.
        if name.family == AF_INET6 { try enable(CInt(IPPROTO_IPV6), IPV6_V6ONLY, on: socket) }
        let descriptor = socket.number
        try systemCall("bind") { Int(unsafe name.withPointer { unsafe bind(descriptor, $0, $1) }) }
        return socket
    }

    private static func enable(
        _ level: CInt, _ option: CInt, on socket: borrowing OwnedDescriptor
    ) throws(SystemError) {
        var on: CInt = 1
        let number = socket.number
        try systemCall("setsockopt") {
            Int(unsafe setsockopt(number, level, option, &on, socklen_t(MemoryLayout<CInt>.size)))
        }
    }

    private static func name(of socket: borrowing OwnedDescriptor) throws(SystemError) -> SocketName {
        var name = SocketName()
        let number = socket.number
        try systemCall("getsockname") {
            Int(unsafe name.withMutablePointer { unsafe getsockname(number, $0, $1) })
        }
        return name
    }

    /// Removes a socket file that a dead process left. One that is listened on stays, and `bind` then fails.
    private static func removeStaleSocket(at path: String) throws(SystemError) {
        guard let identity = PathIdentity(path), identity.isSocket else { return }
        let name = try SocketName(.unix(path: path))
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let number = try systemCall("socket") { Int(Glibc.socket(AF_UNIX, kind, 0)) }
        let probe = OwnedDescriptor(adopting: CInt(number))
        let descriptor = probe.number
        do throws(SystemError) {
            try systemCall("connect") { Int(unsafe name.withPointer { unsafe connect(descriptor, $0, $1) }) }
        } catch {
            if error.code == ECONNREFUSED { _ = unsafe unlink(path) }
        }
    }
}

@available(*, unavailable)
extension Listener: Sendable {}  // Belongs to one event loop.

/// Which file stands at a path: to tell our socket from one that replaced it.
private struct PathIdentity: Equatable {
    let device: dev_t
    let node: ino_t
    let isSocket: Bool

    init?(_ path: String) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { return nil }
        device = status.st_dev
        node = status.st_ino
        isSocket = status.st_mode & S_IFMT == S_IFSOCK
    }
}
