internal import CCurl
internal import Glibc

/// An IPv4 or IPv6 address.
package struct IPAddress: Hashable, Sendable {
    /// Four or sixteen bytes in network order.
    package let bytes: [UInt8]

    /// Parses the usual notation, for IPv6 also in brackets; `nil` for a host name.
    package init?(_ text: String) {
        let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
        let text = isBracketed ? String(text.dropFirst().dropLast()) : text
        guard let bytes = Self.parse(text, AF_INET, 4) ?? Self.parse(text, AF_INET6, 16) else { return nil }
        self.bytes = bytes
    }

    /// Converts the address that libcurl is about to connect to; `nil` for a unix-domain socket.
    init?(_ address: UnsafePointer<curl_sockaddr>) {
        // The address begins at the structure's last member and may be longer than declared.
        let name = unsafe UnsafeRawPointer(address).advanced(by: Self.nameOffset)
        unsafe self.init(socketAddress: name.assumingMemoryBound(to: sockaddr.self))
    }

    /// Converts a socket address by its family.
    init?(socketAddress: UnsafePointer<sockaddr>) {
        let name = unsafe UnsafeRawPointer(socketAddress)
        switch unsafe CInt(socketAddress.pointee.sa_family) {
        case AF_INET: bytes = unsafe Self.bytes(of: name.loadUnaligned(as: sockaddr_in.self).sin_addr)
        case AF_INET6: bytes = unsafe Self.bytes(of: name.loadUnaligned(as: sockaddr_in6.self).sin6_addr)
        default: return nil
        }
    }

    /// Returns whether the address has `size` bytes and its first `length` bits equal those of `prefix`.
    func isIn(_ prefix: [UInt8], _ length: Int, of size: Int) -> Bool {
        guard bytes.count == size else { return false }
        let whole = length / 8
        guard bytes.prefix(whole).elementsEqual(prefix.prefix(whole)) else { return false }
        guard length % 8 > 0 else { return true }
        return (bytes[whole] ^ prefix[whole]) >> UInt8(8 - length % 8) == 0
    }

    init(_ bytes: ArraySlice<UInt8>) { self.bytes = Array(bytes) }

    private static let nameOffset = MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 16

    private static func bytes(of address: some Any) -> [UInt8] {
        unsafe withUnsafeBytes(of: address) { unsafe Array($0) }
    }

    private static func parse(_ text: String, _ family: CInt, _ size: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: size)
        let isRead = unsafe bytes.withUnsafeMutableBytes { unsafe inet_pton(family, text, $0.baseAddress) }
        return isRead == 1 ? bytes : nil
    }
}
