import Foundation
import Glibc
import Synchronization

/// A server of blocking sockets, a thread for each connection, that does exactly what a test's script says:
/// it can break off where a proper server would not.
package final class RawServer: Sendable {
    /// What a connection does; the number counts connections from 0.
    package typealias Script = @Sendable (RawConnection, _ number: Int) -> Void

    package let port: UInt16
    private let listener: CInt
    private let script: Script
    private let seen = Mutex<(requests: [RawRequest], connections: Int)>(([], 0))

    /// Every request that came whole, in order of arrival.
    package var requests: [RawRequest] { seen.withLock { $0.requests } }
    /// How many of them were paid for.
    package var posts: Int { requests.count { $0.method == "POST" } }
    package var connections: Int { seen.withLock { $0.connections } }
    package var origin: String { "http://127.0.0.1:\(port)" }

    package init(_ script: @escaping Script) {
        self.script = script
        (listener, port) = Self.listenOnLoopback()
        start()
    }

    /// Listens on a unix-domain socket instead.
    package init(path: String, _ script: @escaping Script) {
        self.script = script
        listener = Self.listen(atPath: path)
        port = 0
        start()
    }

    /// Stops accepting; connections end with their scripts.
    package func stop() { _ = Glibc.shutdown(listener, CInt(SHUT_RDWR)) }

    deinit { _ = Glibc.close(listener) }

    /// A port of this machine on which nobody listens.
    package static func closedPort() -> UInt16 {
        let (descriptor, port) = listenOnLoopback()
        _ = Glibc.close(descriptor)
        return port
    }

    private func start() {
        Thread.detachNewThread { [self] in
            while case let descriptor = Glibc.accept(listener, nil, nil), descriptor >= 0 {
                // A program that a test starts meanwhile must not keep the connection open.
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                let number = seen.withLock { seen in
                    seen.connections += 1
                    return seen.connections - 1
                }
                Thread.detachNewThread { [self] in
                    let connection = RawConnection(descriptor) { [self] request in
                        seen.withLock { $0.requests.append(request) }
                    }
                    script(connection, number)
                }
            }
        }
    }

    private static let closeOnExec = CInt(SOCK_CLOEXEC.rawValue)

    private static func listenOnLoopback() -> (CInt, UInt16) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | closeOnExec, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(unsafe bind(descriptor, pointer, length) == 0, "bind")
                precondition(Glibc.listen(descriptor, 64) == 0, "listen")
                precondition(unsafe getsockname(descriptor, pointer, &length) == 0, "getsockname")
            }
        }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private static func listen(atPath path: String) -> CInt {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | closeOnExec, 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            precondition(path.utf8.count < room.count, "too long a path for a socket")
            unsafe room.copyBytes(from: path.utf8)
        }
        let length = socklen_t(MemoryLayout<sockaddr_un>.size)
        unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(unsafe bind(descriptor, pointer, length) == 0, "bind")
            }
        }
        precondition(Glibc.listen(descriptor, 64) == 0, "listen")
        return descriptor
    }
}

/// A request as it came.
package struct RawRequest: Sendable {
    package var head: String
    package var body: [UInt8]

    package var method: String { String(head.prefix { $0 != " " }) }
    package var target: String { String(head.split(separator: " ", maxSplits: 2)[1]) }
    package var lines: [String] { head.split(separator: "\r\n").map(String.init) }
}

/// One accepted connection, closed when its script ends.
package final class RawConnection {
    private let descriptor: CInt
    private let note: (RawRequest) -> Void
    private var received: [UInt8] = []

    package init(_ descriptor: CInt, note: @escaping (RawRequest) -> Void) {
        self.descriptor = descriptor
        self.note = note
    }

    deinit { _ = Glibc.close(descriptor) }

    /// Waits for a whole request; `nil` if the client ended before.
    @discardableResult
    package func readRequest() -> RawRequest? {
        guard let head = readHead() else { return nil }
        let length = head.split(separator: "\r\n").compactMap { line -> Int? in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { return nil }
            return Int(parts[1].trimmingCharacters(in: .whitespaces))
        }
        while received.count < length.first ?? 0 {
            guard readMore() else { return nil }
        }
        let body = Array(received.prefix(length.first ?? 0))
        received.removeFirst(body.count)
        let request = RawRequest(head: head, body: body)
        note(request)
        return request
    }

    /// Waits for a request's head only.
    @discardableResult
    package func readHead() -> String? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = received.firstRange(of: end) {
                let head = String(decoding: received[..<range.lowerBound], as: UTF8.self)
                received.removeFirst(range.upperBound)
                return head
            }
            guard readMore() else { return nil }
        }
    }

    /// Waits for some more of the request than was read; false if the client ended before.
    @discardableResult
    package func readSome() -> Bool { !received.isEmpty || readMore() }

    /// Writes text; false if the client is gone.
    @discardableResult
    package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    @discardableResult
    package func write(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe send(descriptor, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Answers with a JSON or other body and keeps the connection.
    package func answer(_ status: Int, fields: [String] = [], _ body: String = "") {
        let lines = ["HTTP/1.1 \(status) Words", "Content-Length: \(body.utf8.count)"] + fields
        write(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// Says that nothing more will be written.
    package func end() { _ = Glibc.shutdown(descriptor, CInt(SHUT_WR)) }

    /// Waits until the client closes.
    package func waitForEnd() {
        while readMore() { received = [] }
    }

    /// Makes the close that follows a reset, not an orderly end.
    package func reset() {
        var setting = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &setting, size)
    }

    private func readMore() -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let count = unsafe piece.withUnsafeMutableBytes {
            unsafe recv(descriptor, $0.baseAddress, $0.count, 0)
        }
        guard count > 0 else { return false }
        received += piece.prefix(count)
        return true
    }
}
