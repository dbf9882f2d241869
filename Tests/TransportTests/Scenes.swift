import Glibc
import Synchronization
import Transport

/// Sends back what it gets, on the tests' loop, until the client closes.
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

    /// What the server saw.
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

/// One client of the echo; kept alive by its watch.
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
        guard let number = socket?.number else { return }
        watch = try? reactor.watch(number, for: .read) { _ in self.echo() }
    }

    private func echo() {
        if case .moved(let count) = try? socket?.read(into: &buffer) {
            if (try? socket?.write(buffer, 0..<count)) == .moved(count) { return }
        }
        if let watch { reactor.unwatch(watch) }
        socket = nil
    }
}

/// The two ends of a pipe, non-blocking.
final class Pipe {
    let reader: CInt
    let writer: CInt

    init() throws {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError("pipe", errno) }
        (reader, writer) = (ends[0], ends[1])
        for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    }

    func write() {
        var byte = UInt8(ascii: "x")
        _ = unsafe Glibc.write(writer, &byte, 1)
    }

    /// The byte that waits in it; `nil` if there is none.
    static func read(_ number: CInt) -> String? {
        var byte: UInt8 = 0
        return unsafe Glibc.read(number, &byte, 1) == 1 ? String(Unicode.Scalar(byte)) : nil
    }

    deinit {
        close(reader)
        close(writer)
    }
}

/// A descriptor number that passes to another pipe while an event for it waits.
final class ReuseScene {
    private let reactor: Reactor
    private let pipes: [Pipe]
    private let third: Pipe
    private var watches: [RegistrationID] = []
    private var log: [String] = []

    init(_ reactor: Reactor) throws {
        self.reactor = reactor
        pipes = [try Pipe(), try Pipe()]
        third = try Pipe()
    }

    /// Calls with what happened, in the end.
    func begin(then finish: @escaping ([String]) -> Void) throws {
        for (index, pipe) in pipes.enumerated() {
            pipe.write()
            watches.append(
                try reactor.watch(pipe.reader, for: .read) { _ in self.isReady(index, finish) })
        }
    }

    private func isReady(_ index: Int, _ finish: @escaping ([String]) -> Void) {
        log.append(log.isEmpty ? "first" : "stale")
        if log.count > 1 { return finish(log) }
        let number = pipes[1 - index].reader
        for watch in watches { reactor.unwatch(watch) }
        // Closes the other reader and gives its number to the third pipe.
        guard dup2(third.reader, number) == number else { return finish(["dup2 failed"]) }
        var replacement: RegistrationID?
        replacement = try? reactor.watch(number, for: .read) { _ in
            self.log.append("replacement: \(Pipe.read(number) ?? "not ready")")
            if let replacement { self.reactor.unwatch(replacement) }
            finish(self.log)
        }
        // After this batch.
        reactor.enqueue { self.third.write() }
    }
}

/// What of the machine this process holds.
struct ProcessSize {
    let descriptors: Int
    let residentBytes: Int

    /// How much more than before.
    struct Growth {
        let descriptors: Int
        let residentBytes: Int
    }

    func growth(since before: ProcessSize) -> Growth {
        Growth(
            descriptors: descriptors - before.descriptors,
            residentBytes: residentBytes - before.residentBytes)
    }

    static func now() -> ProcessSize {
        let open = (try? FileSystem.names(in: "/proc/self/fd").count) ?? 0
        return ProcessSize(descriptors: open, residentBytes: resident())
    }

    private static func resident() -> Int {
        guard let file = unsafe fopen("/proc/self/statm", "r") else { return 0 }
        defer { _ = unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard unsafe fgets(&line, 128, file) != nil else { return 0 }
        let message = line.map { UInt8(bitPattern: $0) }.split(separator: UInt8(ascii: " "))
        return (Int(String(decoding: message[1], as: UTF8.self)) ?? 0) * 4096
    }
}
