// IPv4 addresses in IPv6 addresses: a translator or a tunnel sends the packets to them.
extension IPAddress {
    /// The IPv4 addresses that an IPv6 address embeds: mapped, compatible, translated (RFC 4291, RFC 2765),
    /// NAT64 (RFC 6052, RFC 8215), 6to4 (RFC 3056), ISATAP (RFC 5214), and Teredo (RFC 4380) with its server
    /// first. Several where the address alone does not show which bytes count; empty for none.
    var embeddedIPv4: [IPAddress] {
        guard bytes.count == 16 else { return [] }
        if isLocalNAT64 { return localNAT64Candidates }
        if bytes.starts(with: [0x20, 0x01, 0, 0]) {
            return [IPAddress(bytes[4..<8]), IPAddress(bytes[12...].map { ~$0 }[...])]
        }
        if bytes.starts(with: [0x20, 0x02]) { return [IPAddress(bytes[2..<6])] }
        return hasEmbeddingPrefix ? [IPAddress(bytes[12...])] : []
    }

    /// Whether the address belongs to a network whose operator chose where the IPv4 address is (RFC 8215).
    var isLocalNAT64: Bool { isIn([0, 0x64, 0xFF, 0x9B, 0, 1], 48, of: 16) }

    /// Whether a connection to the address stays on this machine, whatever is translated elsewhere.
    var isThisMachine: Bool {
        if bytes.count == 4 { return bytes[0] == 127 || bytes[0] == 0 }
        let zeros = [UInt8](repeating: 0, count: 15)
        if bytes.starts(with: zeros) { return bytes[15] <= 1 }
        return bytes.starts(with: Self.mapped) && (bytes[12] == 127 || bytes[12] == 0)
    }

    /// Whether the first 96 bits announce an IPv4 address in the last 32.
    private var hasEmbeddingPrefix: Bool {
        let isCompatible = bytes.starts(with: Array(repeating: 0, count: 12)) && bytes[12] != 0
        let isISATAP = [0, 2].contains(bytes[8]) && bytes[9..<12].elementsEqual([0, 0x5E, 0xFE])
        return isCompatible || isISATAP
            || [Self.mapped, Self.translated, Self.wellKnownNAT64].contains { bytes.starts(with: $0) }
    }

    /// The four layouts of RFC 6052 §2.2 that fit, without those that lead to no host.
    private var localNAT64Candidates: [IPAddress] {
        let layouts = [[6, 7, 9, 10], [7, 9, 10, 11], [9, 10, 11, 12], [12, 13, 14, 15]]
        return layouts.map { layout in IPAddress(layout.map { bytes[$0] }[...]) }.filter { $0.bytes[0] != 0 }
    }

    private static let mapped: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
    private static let translated: [UInt8] = Array(repeating: 0, count: 8) + [0xFF, 0xFF, 0, 0]
    private static let wellKnownNAT64: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
}
