/// A set of addresses that an operator allows.
package enum AddressBlock: Hashable, Sendable {
    /// The addresses of this machine.
    case loopback
    /// The addresses that begin with the first `bits` bits of another one.
    case network(IPAddress, bits: Int)

    /// Parses CIDR notation, `10.0.0.0/8` or `fd00::/8`, or one address.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        let size = address.bytes.count * 8
        guard parts.count == 2 else {
            self = .network(address, bits: size)
            return
        }
        guard parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let bits = Int(parts[1]),
            (0...size).contains(bits)
        else { return nil }
        self = .network(address, bits: bits)
    }

    /// Whether no address of the block is ever allowed, because its first one is on a single link.
    package var isLinkLocal: Bool {
        guard case .network(let address, let bits) = self, bits >= 8 else { return false }
        return AddressGuard.reach(of: address) == .linkLocal
    }

    /// Whether the block has an address.
    ///
    /// An IPv4 block has the IPv6 addresses that embed its addresses. An IPv6 block has none that embeds a
    /// loopback or private address: it would lead around the list.
    func contains(_ address: IPAddress) -> Bool {
        guard case .network(let prefix, let bits) = self else { return address.isThisMachine }
        let size = prefix.bytes.count
        let inner = address.embeddedIPv4
        if size == address.bytes.count {
            return address.isIn(prefix.bytes, bits, of: size)
                && inner.allSatisfy { AddressGuard.reach(of: $0) == .global }
        }
        return !inner.isEmpty && inner.allSatisfy { $0.isIn(prefix.bytes, bits, of: size) }
    }
}
