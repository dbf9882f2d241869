import Dispatch
import Glibc
import Transport

/// A plain blocking client socket, independent of the code under test.
struct RawSocket: ~Copyable {
    let number: CInt

    init(to address: SocketAddress) throws {
        let (family, connected): (CInt, (CInt) -> CInt)
        switch address {
        case .ipv4(let host, let port): (family, connected) = (AF_INET, { Self.connect4($0, host, port) })
        case .ipv6(let host, let port): (family, connected) = (AF_INET6, { Self.connect6($0, host, port) })
        case .unix(let path): (family, connected) = (AF_UNIX, { Self.connectPath($0, path) })
        }
        number = socket(family, CInt(SOCK_STREAM.rawValue), 0)
        guard number >= 0, connected(number) == 0 else { throw SystemError("connect", errno) }
        // Bounds a failing test.
        var limit = timeval(tv_sec: 30, tv_usec: 0)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(number) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        let sent = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.send(number, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
        }
        precondition(sent == bytes.count)
    }

    /// Reads up to `count` bytes; fewer at the end or on an error.
    func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let start = filled
            let more = unsafe bytes.withUnsafeMutableBytes {
                unsafe recv(number, $0.baseAddress! + start, count - start, 0)
            }
            if more <= 0 { break }
            filled += more
        }
        return Array(bytes.prefix(filled))
    }

    private static func connect4(_ number: CInt, _ host: String, _ port: UInt16) -> CInt {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        unsafe inet_pton(AF_INET, host, &name.sin_addr)
        return connectBytes(number, name)
    }

    private static func connect6(_ number: CInt, _ host: String, _ port: UInt16) -> CInt {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        unsafe inet_pton(AF_INET6, host, &name.sin6_addr)
        return connectBytes(number, name)
    }

    private static func connectPath(_ number: CInt, _ path: String) -> CInt {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &name.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        return connectBytes(number, name)
    }

    private static func connectBytes<Name>(_ number: CInt, _ name: Name) -> CInt {
        unsafe withUnsafeBytes(of: name) {
            unsafe connect(
                number, $0.baseAddress!.assumingMemoryBound(to: sockaddr.self), socklen_t($0.count))
        }
    }
}

/// Runs blocking work on a thread of its own, so that no thread pool is exhausted.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue(label: "blocking").async { @Sendable in
            continuation.resume(with: Result { try body() })
        }
    }
}
