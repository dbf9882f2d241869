internal import Glibc

/// Which hosts of URLs are this machine: no proxy can reach them for us.
package enum LoopbackHost {
    /// Whether a host is loopback: `localhost` and names below it (RFC 6761 §6.3), 127.0.0.0/8, `::1`, both
    /// also as IPv4-mapped IPv6; and the unspecified address, which Linux connects to loopback.
    ///
    /// - Parameter host: as it stands in a URL, IPv6 in brackets or bare.
    package static func contains(_ host: String) -> Bool {
        var name = host.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        if name == "localhost" || name.hasSuffix(".localhost") { return true }
        guard let bytes = NumericHost(host)?.bytes else { return false }
        if bytes.count == 4 { return isLoopback(bytes[...]) }
        if bytes.dropLast().allSatisfy({ $0 == 0 }) { return bytes[15] <= 1 }
        // RFC 4291 §2.5.5.2: ::ffff:0:0/96.
        let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
        return isMapped && isLoopback(bytes[12...])
    }

    /// Whether a URL's host is loopback.
    package static func isHost(ofURL url: String) -> Bool { contains(URLHost.host(of: url)) }

    private static func isLoopback(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.first == 127 || bytes.allSatisfy { $0 == 0 }
    }
}

/// A host that is an address, in network order: 4 bytes or 16.
struct NumericHost: Equatable {
    let bytes: [UInt8]

    /// `nil` for a name. Takes IPv4 in all its spellings, as libcurl does (`127.1`, `0x7f000001`).
    init?(_ host: String) {
        let bare = host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" } : host[...]
        if bare.contains(":") {
            var bytes = [UInt8](repeating: 0, count: 16)
            // What stands behind % names an interface (RFC 6874).
            let address = String(bare.prefix { $0 != "%" })
            guard unsafe inet_pton(AF_INET6, address, &bytes) == 1 else { return nil }
            self.bytes = bytes
        } else {
            guard bare.utf8.allSatisfy({ "0123456789abcdefxABCDEFX.".utf8.contains($0) }) else { return nil }
            var address = in_addr()
            guard unsafe inet_aton(String(bare), &address) == 1 else { return nil }
            let number = UInt32(bigEndian: address.s_addr)
            bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        }
    }

    /// Whether it lies in a block such as `10.0.0.0/8`; a block without a length is one address.
    func isInside(_ block: Substring) -> Bool {
        let parts = block.split(separator: "/", maxSplits: 1)
        guard let network = parts.first.flatMap({ NumericHost(String($0)) }),
            network.bytes.count == bytes.count
        else { return false }
        guard let bits = parts.count == 2 ? Int(parts[1]) : bytes.count * 8,
            (0...bytes.count * 8).contains(bits)
        else { return false }
        return bytes.indices.allSatisfy { index in
            let shift = max(0, min(8, 8 - (bits - index * 8)))
            return bytes[index] >> shift == network.bytes[index] >> shift
        }
    }
}

/// The part of a URL that names a host.
enum URLHost {
    /// IPv6 in brackets; empty if there is none.
    static func host(of url: String) -> String {
        guard let start = url.firstRange(of: "://")?.upperBound else { return "" }
        let authority = url[start...].prefix { !"/?#\\".contains($0) }
        let address =
            authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        if address.hasPrefix("["), let end = address.firstIndex(of: "]") { return String(address[...end]) }
        return String(address.prefix { $0 != ":" })
    }
}
