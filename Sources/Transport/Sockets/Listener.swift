internal import CLinux
internal import Glibc

/// A listening socket on an event loop that passes on accepted connections.
///
/// Pauses briefly when file descriptors run out, instead of spinning on readiness that it cannot serve.
package final class Listener {
    /// The address, with the port resolved.
    package let address: SocketAddress

    private let reactor: Reactor
    private let onAccept: (consuming StreamSocket, SocketAddress) -> Void
    private var descriptor: OwnedDescriptor?
    private var watch: RegistrationID?
    private var pause: TimerID?
    /// The socket file that this listener created; `nil` for one that existed before and is kept.
    private let pathIdentity: PathIdentity?
    private let isAdopted: Bool

    private static let acceptsPerTurnMax = 64
    private static let pauseLength = Duration.milliseconds(100)

    /// Starts to listen. `shared`: other listeners of this process may bind the same port (SO_REUSEPORT).
    /// `mode`: the permission bits of a unix-domain socket's file, less those of the umask; `nil` for all.
    package convenience init(
        at address: SocketAddress, on reactor: Reactor, shared: Bool = false, mode: UInt32? = nil,
        onAccept: @escaping (consuming StreamSocket, SocketAddress) -> Void
    ) throws(SystemError) {
        if case .unix(let path) = address { try Self.removeStaleSocket(at: path) }
        let socket = try Self.makeBoundSocket(to: address, shared: shared, mode: mode)
        try systemCall("listen") { Int(listen(socket.fileDescriptor, SOMAXCONN)) }
        let resolved = try Self.name(of: socket).address
        let identity: PathIdentity? = if case .unix(let path) = address { PathIdentity(path) } else { nil }
        try self.init(socket, at: resolved, .created(identity), on: reactor, onAccept: onAccept)
    }

    /// Accepts from a socket that already listens. Several loops may share it; the kernel wakes all, and the
    /// first gets the connection. Keeps the socket's file on close.
    package convenience init(
        adopting socket: InheritedSocket, on reactor: Reactor,
        onAccept: @escaping (consuming StreamSocket, SocketAddress) -> Void
    ) throws(SystemError) {
        let descriptor = try socket.duplicate()
        try self.init(descriptor, at: socket.address, .adopted, on: reactor, onAccept: onAccept)
    }

    private enum Origin {
        /// Created here, with the file of a unix-domain socket.
        case created(PathIdentity?)
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
        case .created(let identity): (pathIdentity, isAdopted) = (identity, false)
        case .adopted: (pathIdentity, isAdopted) = (nil, true)
        }
        let fileDescriptor = socket.fileDescriptor
        descriptor = consume socket
        watch = try reactor.watch(fileDescriptor, for: .read) { [weak self] _ in _ = self?.acceptSome() }
    }

    /// Lets handshakes in progress complete and drops new ones. Clients retransmit a second later and reach
    /// the next listener; closing right after the last accept would reset connections established in between.
    /// Returns `false` for inherited sockets, whose queue remains, and for unix-domain sockets.
    package func dropNewHandshakes() -> Bool {
        guard !isAdopted, address.port != nil, let fileDescriptor = descriptor?.fileDescriptor else {
            return false
        }
        return linux_drop_first_packets(fileDescriptor) == 0
    }

    /// Accepts pending connections, at most the kernel's backlog.
    package func acceptPending() {
        for _ in 0..<Int(SOMAXCONN) / Self.acceptsPerTurnMax where acceptSome() {}
    }

    /// Resumes a paused listener; call it when a descriptor was closed.
    package func resumeAccepting() {
        guard let watch, let pause else { return }
        reactor.cancel(pause)
        self.pause = nil
        reactor.change(watch, to: .read)
    }

    /// Stops listening, and removes the file of a unix-domain socket unless another socket replaced it.
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

    /// Returns whether the address can be bound exclusively; `false` if another process listens there, shared
    /// or not.
    package static func isFree(_ address: SocketAddress) throws(SystemError) -> Bool {
        do throws(SystemError) {
            _ = try makeBoundSocket(to: address, shared: false)
            return true
        } catch {
            if error.code == EADDRINUSE { return false }
            throw error
        }
    }
}

extension Listener {
    /// Accepts up to `acceptsPerTurnMax` connections. Returns whether there may be more.
    private func acceptSome() -> Bool {
        for _ in 0..<Self.acceptsPerTurnMax {
            // A callback may have closed the listener.
            guard let fileDescriptor = descriptor?.fileDescriptor else { return false }
            var name = RawSocketAddress()
            let accepted = unsafe name.withMutablePointer { address, length in
                unsafe linux_accept(fileDescriptor, address, length)
            }
            if accepted >= 0 {
                let socket = StreamSocket(adopting: OwnedDescriptor(adopting: accepted))
                if name.family != AF_UNIX { socket.disableDelay() }
                onAccept(socket, name.address)
            } else if !shouldContinue(after: errno) {
                return false
            }
        }
        return true
    }

    /// Handles a failed accept. Returns whether to accept the next connection at once.
    private func shouldContinue(after code: CInt) -> Bool {
        switch code {
        case EAGAIN: return false
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            pauseAccepting()
            return false
        // Errors of the single connection (see accept(2)): skip it.
        default: return true
        }
    }

    private func pauseAccepting() {
        guard let watch, pause == nil else { return }
        reactor.change(watch, to: [])
        pause = reactor.schedule(after: Self.pauseLength) { [weak self] in self?.resumeAccepting() }
    }

    private static func makeBoundSocket(
        to address: SocketAddress, shared: Bool, mode: UInt32? = nil
    ) throws(SystemError) -> OwnedDescriptor {
        let name = try RawSocketAddress(address)
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let fileDescriptor = try systemCall("socket") { Int(Glibc.socket(name.family, kind, 0)) }
        let socket = OwnedDescriptor(adopting: CInt(fileDescriptor))
        if name.family != AF_UNIX {
            try enable(SOL_SOCKET, SO_REUSEADDR, on: socket)
            if shared { try enable(SOL_SOCKET, SO_REUSEPORT, on: socket) }
        }
        // `[::]` accepts IPv6 only, so another listener can use `0.0.0.0`.
        if name.family == AF_INET6 { try enable(CInt(IPPROTO_IPV6), IPV6_V6ONLY, on: socket) }
        let descriptor = socket.fileDescriptor
        // The file gets the mode of the socket that is bound to it, so it never has another one.
        if let mode { try systemCall("fchmod") { Int(fchmod(descriptor, mode)) } }
        try systemCall("bind") { Int(unsafe name.withPointer { unsafe bind(descriptor, $0, $1) }) }
        return socket
    }

    private static func enable(
        _ level: CInt, _ option: CInt, on socket: borrowing OwnedDescriptor
    ) throws(SystemError) {
        var on: CInt = 1
        let fileDescriptor = socket.fileDescriptor
        try systemCall("setsockopt") {
            Int(unsafe setsockopt(fileDescriptor, level, option, &on, socklen_t(MemoryLayout<CInt>.size)))
        }
    }

    private static func name(of socket: borrowing OwnedDescriptor) throws(SystemError) -> RawSocketAddress {
        var name = RawSocketAddress()
        let fileDescriptor = socket.fileDescriptor
        try systemCall("getsockname") {
            Int(unsafe name.withMutablePointer { unsafe getsockname(fileDescriptor, $0, $1) })
        }
        return name
    }

    /// Removes the socket file of a dead process. A live one stays, and `bind` fails.
    private static func removeStaleSocket(at path: String) throws(SystemError) {
        guard let identity = PathIdentity(path), identity.isSocket else { return }
        let name = try RawSocketAddress(.unix(path: path))
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let fileDescriptor = try systemCall("socket") { Int(Glibc.socket(AF_UNIX, kind, 0)) }
        let probe = OwnedDescriptor(adopting: CInt(fileDescriptor))
        let descriptor = probe.fileDescriptor
        do throws(SystemError) {
            try systemCall("connect") { Int(unsafe name.withPointer { unsafe connect(descriptor, $0, $1) }) }
        } catch {
            if error.code == ECONNREFUSED { _ = unsafe unlink(path) }
        }
    }
}

@available(*, unavailable)
extension Listener: Sendable {}  // Belongs to one event loop.

/// The identity of the file at a path: distinguishes our socket from one that replaced it.
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
