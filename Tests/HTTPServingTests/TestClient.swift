import Dispatch
import Glibc
import HTTPServing
import Transport

/// A blocking client that shares no code with the server. Used on a thread of its own.
final class TestClient {
    let number: CInt
    private var buffer: [UInt8] = []

    init(_ server: HTTPServer) throws {
        guard case .ipv4(_, let port) = server.addresses[0] else { preconditionFailure("IPv4 expected") }
        number = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        // Bounds a test that goes wrong.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        // Small pieces are to arrive as such, and at once.
        var on: CInt = 1
        _ = unsafe setsockopt(
            number, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        let result = unsafe withUnsafeBytes(of: name) {
            unsafe connect(
                number, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
        guard result == 0 else { throw SystemError("connect", errno) }
    }

    deinit { close(number) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Sends all bytes, or as many as the server accepts; returns whether all were sent.
    @discardableResult
    func send(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let start = sent
            let more = unsafe bytes.withUnsafeBytes {
                unsafe Glibc.send(number, $0.baseAddress! + start, $0.count - start, CInt(MSG_NOSIGNAL))
            }
            if more <= 0 { return false }
            sent += more
        }
        return true
    }

    func endSending() { _ = shutdown(number, CInt(SHUT_WR)) }

    /// Makes closing a reset.
    func reset() {
        var setting = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(
            number, SOL_SOCKET, SO_LINGER, &setting, socklen_t(MemoryLayout<linger>.size))
    }

    /// Reads one response; `nil` at the end of the connection or if it is cut short.
    func reply(toHEAD: Bool = false) -> Reply? {
        while true {
            if let end = headEnd() {
                let text = String(decoding: buffer[..<end], as: UTF8.self)
                buffer.removeFirst(end)
                guard var reply = Reply(head: text) else { return nil }
                if toHEAD || reply.status < 200 || reply.status == 304 || reply.status == 204 { return reply }
                guard let body = read(Int(reply["content-length"] ?? "") ?? 0) else { return nil }
                reply.body = body
                return reply
            }
            guard fill() else { return nil }
        }
    }

    /// Exactly so many bytes; `nil` if the connection ends before.
    func read(_ count: Int) -> [UInt8]? {
        while buffer.count < count {
            guard fill() else { return nil }
        }
        defer { buffer.removeFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// All bytes until the server closes, and whether it closed with a reset.
    func rest() -> (bytes: [UInt8], wasReset: Bool) {
        while fill() {}
        let code = errno
        defer { buffer = [] }
        return (buffer, lastResult < 0 && code == ECONNRESET)
    }

    /// Reads and drops until the server closes; how many bytes came, those in the buffer included.
    func countToEnd() -> Int {
        var chunk = [UInt8](repeating: 0, count: 1 << 20)
        var total = buffer.count
        while true {
            let count = unsafe chunk.withUnsafeMutableBytes {
                unsafe recv(number, $0.baseAddress, $0.count, 0)
            }
            if count <= 0 { return total }
            total += count
        }
    }

    /// Whether a response begins to arrive in that time.
    func hasReply(within limit: Duration) -> Bool {
        var entry = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, CInt(limit.wholeNanoseconds / 1_000_000)) > 0
    }

    /// Waits, as a slow client does.
    func dawdle(milliseconds: CInt) { _ = poll(nil, 0, milliseconds) }

    /// Reads nothing until the server is gone.
    func waitUntilReset() {
        var entry = pollfd(fd: number, events: 0, revents: 0)
        _ = unsafe poll(&entry, 1, 30_000)
    }

    private var lastResult = 0

    private func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        lastResult = unsafe chunk.withUnsafeMutableBytes { unsafe recv(number, $0.baseAddress, $0.count, 0) }
        if lastResult > 0 { buffer.append(contentsOf: chunk[..<lastResult]) }
        return lastResult > 0
    }

    private func headEnd() -> Int? {
        guard buffer.count >= 4 else { return nil }
        for end in 4...buffer.count where buffer[end - 4..<end].elementsEqual([13, 10, 13, 10]) { return end }
        return nil
    }
}

/// Does blocking work on a thread of its own, so that no pool of threads runs dry.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "blocking").async { @Sendable in
            continuation.resume(with: Result { try body() })
        }
    }
}

/// Returns the output of a command.
func output(of command: String) async throws -> [UInt8] {
    try await onThread {
        guard let pipe = unsafe popen("\(command) 2> /dev/null", "r") else { return [] }
        defer { _ = unsafe pclose(pipe) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = unsafe fread(&chunk, 1, 65536, pipe)
            if count == 0 { return bytes }
            bytes.append(contentsOf: chunk[..<count])
        }
    }
}

/// One loop for all tests: a loop lives as long as its process.
let loop: EventLoop = {
    do { return try EventLoop(label: "tests") } catch { preconditionFailure("\(error)") }
}()

extension HTTPServer {
    /// A server on a free port.
    static func start(
        _ handler: any HTTPHandler = ExampleHandler(), _ adjust: (inout HTTPLimits) -> Void = { _ in }
    ) async throws -> HTTPServer {
        var limits = HTTPLimits()
        adjust(&limits)
        return try await start(
            at: [.ipv4(host: "127.0.0.1", port: 0)], on: [loop], limits: limits, handler: handler)
    }

    /// A server whose `/gate` never opens, and what its handler sees.
    static func startWithClosedGate() async throws -> (HTTPServer, events: AsyncStream<String>) {
        let (events, sink) = AsyncStream<String>.makeStream()
        let (gate, _) = AsyncStream<Void>.makeStream()
        return (try await start(ExampleHandler(events: sink, gate: gate)), events)
    }

    /// Runs a client of this server on a thread.
    func with<Value: Sendable>(_ body: @escaping @Sendable (TestClient) throws -> Value) async throws -> Value
    {
        try await onThread { try body(TestClient(self)) }
    }
}
