import Foundation
import Glibc
import Synchronization

/// A server with blocking sockets and a thread for each connection that runs the script of a test: it can
/// violate the protocol at any point.
package final class RawServer: Sendable {
    /// Handles one connection; connections are counted from 0.
    package typealias Script = @Sendable (RawConnection, _ number: Int) -> Void

    package let port: UInt16
    private let listener: CInt
    private let script: Script
    private let seen = Mutex<(requests: [RawRequest], connections: Int)>(([], 0))

    /// The complete requests in order of arrival.
    package var requests: [RawRequest] { seen.withLock { $0.requests } }
    /// The number of POSTs.
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

    /// Stops accepting. Open connections end with their scripts.
    package func stop() { _ = Glibc.shutdown(listener, CInt(SHUT_RDWR)) }

    deinit { _ = Glibc.close(listener) }

    /// Returns a port of 127.0.0.1 without a listener.
    package static func closedPort() -> UInt16 {
        let (descriptor, port) = listenOnLoopback()
        _ = Glibc.close(descriptor)
        return port
    }

    private func start() {
        Thread.detachNewThread { [self] in
            while case let descriptor = Glibc.accept(listener, nil, nil), descriptor >= 0 {
                // A child process must not inherit the connection.
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
