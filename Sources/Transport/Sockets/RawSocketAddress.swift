internal import CLinux
internal import Glibc

/// A `SocketAddress` in the kernel's format (`sockaddr`).
struct RawSocketAddress {
    private var storage = sockaddr_storage()
    private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// An empty address of maximum length, for the kernel to fill in.
    init() {}

    init(_ address: SocketAddress) throws(SystemError) {
        switch address {
        case .ipv4(let host, let port): try setIPv4(host, port)
        case .ipv6(let host, let port): try setIPv6(host, port)
        case .unix(let path): try setPath(path)
        }
    }

    var family: CInt { CInt(storage.ss_family) }

    /// The decoded address; an unnamed unix-domain socket has an empty path.
    var address: SocketAddress {
        switch family {
        case AF_INET: ipv4Address
        case AF_INET6: ipv6Address
        default: .unix(path: path)
        }
    }

    /// Calls a closure with a pointer for reading.
    func withPointer(_ body: (UnsafePointer<sockaddr>, socklen_t) -> CInt) -> CInt {
        unsafe withUnsafeBytes(of: storage) {
            unsafe body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), length)
        }
    }

    /// Calls a closure with a pointer for writing.
    mutating func withMutablePointer(
        _ body: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt
    ) -> CInt {
        unsafe withUnsafeMutableBytes(of: &storage) {
            unsafe body($0.baseAddress!.assumingMemoryBound(to: sockaddr.self), &length)
        }
    }

    static func isIPv4(_ host: String) -> Bool {
        var address = in_addr()
        return unsafe inet_pton(AF_INET, host, &address) == 1
    }

    /// Returns the canonical text of an IPv6 address; `nil` if it is invalid.
    static func canonicalIPv6(_ host: String) -> String? {
        var address = in6_addr()
        guard unsafe inet_pton(AF_INET6, host, &address) == 1 else { return nil }
        return unsafe withUnsafeBytes(of: address) { unsafe text(AF_INET6, $0.baseAddress!) }
    }

    private mutating func setIPv4(_ host: String, _ port: UInt16) throws(SystemError) {
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        guard unsafe inet_pton(AF_INET, host, &name.sin_addr) == 1 else {
            throw SystemError("inet_pton", EINVAL)
        }
        unsafe withUnsafeBytes(of: name) { unsafe set($0) }
    }

    private mutating func setIPv6(_ host: String, _ port: UInt16) throws(SystemError) {
        var name = sockaddr_in6()
        name.sin6_family = sa_family_t(AF_INET6)
        name.sin6_port = port.bigEndian
        guard unsafe inet_pton(AF_INET6, host, &name.sin6_addr) == 1 else {
            throw SystemError("inet_pton", EINVAL)
        }
        unsafe withUnsafeBytes(of: name) { unsafe set($0) }
    }

    private mutating func setPath(_ path: String) throws(SystemError) {
        var name = sockaddr_un()
        name.sun_family = sa_family_t(AF_UNIX)
        let fits = unsafe withUnsafeMutableBytes(of: &name.sun_path) { buffer in
            guard path.utf8.count < buffer.count else { return false }
            unsafe buffer.copyBytes(from: path.utf8)
            return true
        }
        guard fits else { throw SystemError("bind", ENAMETOOLONG) }
        // unix(7): an abstract name begins with NUL, and its length counts every byte.
        if path.hasPrefix("@") { name.sun_path.0 = 0 }
        unsafe withUnsafeBytes(of: name) { unsafe set($0) }
        if path.hasPrefix("@") { length = socklen_t(MemoryLayout<sa_family_t>.size + path.utf8.count) }
    }

    private mutating func set(_ bytes: UnsafeRawBufferPointer) {
        unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: bytes) }
        length = socklen_t(bytes.count)
    }

    private var ipv4Address: SocketAddress {
        unsafe withUnsafeBytes(of: storage) { bytes in
            var name = unsafe bytes.loadUnaligned(as: sockaddr_in.self)
            let host = unsafe Self.text(AF_INET, &name.sin_addr)
            return .ipv4(host: host, port: UInt16(bigEndian: name.sin_port))
        }
    }

    private var ipv6Address: SocketAddress {
        unsafe withUnsafeBytes(of: storage) { bytes in
            var name = unsafe bytes.loadUnaligned(as: sockaddr_in6.self)
            let host = unsafe Self.text(AF_INET6, &name.sin6_addr)
            return .ipv6(host: host, port: UInt16(bigEndian: name.sin6_port))
        }
    }

    private var path: String {
        unsafe withUnsafeBytes(of: storage) { bytes in
            let start = MemoryLayout<sa_family_t>.size
            let path = unsafe bytes[start..<max(start, min(Int(length), bytes.count))].prefix { $0 != 0 }
            return unsafe String(decoding: path, as: UTF8.self)
        }
    }

    private static func text(_ family: CInt, _ address: UnsafeRawPointer) -> String {
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
            let text = unsafe inet_ntop(family, address, buffer.baseAddress, socklen_t(buffer.count))
            return unsafe text.map { unsafe String(cString: $0) } ?? ""
        }
    }
}
