internal import Glibc

/// A host given as an address, in network order: 4 or 16 bytes.
struct NumericHost: Equatable {
    let bytes: [UInt8]

    /// Parses an address; `nil` for a name. Accepts IPv4 in all notations, as libcurl does (`127.1`,
    /// `0x7f000001`).
    init?(_ host: String) {
        let bare = host.hasPrefix("[") ? host.dropFirst().prefix { $0 != "]" } : host[...]
        if bare.contains(":") {
            var bytes = [UInt8](repeating: 0, count: 16)
            // The part after % is an interface (RFC 6874).
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

    /// Returns whether it lies in a block such as `10.0.0.0/8`; a block without a length is one address.
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
