import Glibc
import Synchronization
import Transport

/// An echo server on the tests' loop: sends back what it receives until the client closes.
final class EchoServer: Sendable {
    let address: SocketAddress
    private let listener: LoopBound<Listener>
    private let book: Book

    var served: Int { book.served }
    var peers: [SocketAddress] { book.peers }

    private init(_ listener: LoopBound<Listener>, _ book: Book, _ address: SocketAddress) {
        self.listener = listener
        self.book = book
        self.address = address
    }

    @discardableResult
    static func start(at address: SocketAddress) async throws -> EchoServer {
        try await loop.run { reactor in
            let book = Book()
            let listener = try Listener(at: address, on: reactor) { socket, peer in
                book.note(peer)
                EchoConnection(socket, reactor).start()
            }
            return EchoServer(LoopBound(listener, on: loop), book, listener.address)
        }
    }

    func stop() async {
        _ = try? await loop.run { _ in
            self.listener.value.close()
            return 0
        }
    }

    /// What the server observed.
    private final class Book: Sendable {
        private let held = Mutex((served: 0, peers: [SocketAddress]()))
        var served: Int { held.withLock { $0.served } }
        var peers: [SocketAddress] { held.withLock { $0.peers } }
        func note(_ peer: SocketAddress) {
            held.withLock {
                $0.served += 1
                if $0.peers.isEmpty { $0.peers.append(peer) }
            }
        }
    }
}

/// One client of the echo server; its registration keeps it alive.
private final class EchoConnection {
    private var socket: StreamSocket?
    private let reactor: Reactor
    private var watch: RegistrationID?
    private var buffer = [UInt8](repeating: 0, count: 256)

    init(_ socket: consuming StreamSocket, _ reactor: Reactor) {
        self.socket = consume socket
        self.reactor = reactor
    }

    func start() {
        guard let fileDescriptor = socket?.fileDescriptor else { return }
        watch = try? reactor.watch(fileDescriptor, for: .read) { _ in self.echo() }
    }

    private func echo() {
        if case .moved(let count) = try? socket?.read(into: &buffer) {
            if (try? socket?.write(buffer, 0..<count)) == .moved(count) { return }
        }
        if let watch { reactor.unwatch(watch) }
        socket = nil
    }
}
