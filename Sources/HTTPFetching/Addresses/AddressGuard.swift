/// Restricts connections to the addresses that a URL from an untrusted source may lead to.
///
/// Checked after name resolution, before the connection is made, and at every redirect: a name that is public
/// when checked can be private when used.
package struct AddressGuard: Equatable, Sendable {
    /// The reach of an address.
    package enum Reach: Equatable, Sendable {
        /// Globally reachable.
        case global
        /// This machine.
        case loopback
        /// A private network (RFC 1918, RFC 4193, RFC 6598, RFC 2544).
        case privateUse
        /// A single link, and the metadata services of clouds.
        case linkLocal
        /// No host: multicast and reserved addresses.
        case unusable
    }

    /// Whether private and loopback addresses are allowed.
    package var allowsPrivate: Bool
    /// The only addresses that are allowed, and not one of a single link among them; `nil` if the reach of an
    /// address alone decides.
    package var only: [AddressBlock]?

    package init(allowsPrivate: Bool) { self.allowsPrivate = allowsPrivate }

    /// Allows the addresses of some blocks only.
    package init(only blocks: [AddressBlock]) {
        allowsPrivate = true
        only = blocks
    }

    /// Returns why a connection to the address is refused; `nil` if it is allowed.
    package func refusal(of address: IPAddress) -> String? {
        if let refusal = refusalByReach(of: address) { return refusal }
        guard let only, !only.contains(where: { $0.contains(address) }) else { return nil }
        return "the link leads to an address that is not listed as allowed"
    }

    private func refusalByReach(of address: IPAddress) -> String? {
        switch Self.reach(of: address) {
        case .global: nil
        case .loopback: allowsPrivate ? nil : "the link leads to this machine itself (a loopback address)"
        case .privateUse: allowsPrivate ? nil : "the link leads to a private address"
        case .linkLocal: "the link leads to a link-local address"
        case .unusable: "the link leads to an address that no host has"
        }
    }

    /// Returns the reach of an address. IPv4 addresses embedded in an IPv6 address decide, and of several the
    /// one with the least reach.
    package static func reach(of address: IPAddress) -> Reach {
        if address.bytes.count == 4 { return reach(ofIPv4: address) }
        let inner = address.embeddedIPv4.map { reach(ofIPv4: $0) }
        // Where the network of a translator begins is known of the others only.
        let reaches = inner.isEmpty || address.isLocalNAT64 ? inner + [reach(ofIPv6: address)] : inner
        return [.linkLocal, .unusable, .loopback, .privateUse].first { reaches.contains($0) } ?? .global
    }

    private static let zeros = [UInt8](repeating: 0, count: 16)

    private static func reach(ofIPv4 address: IPAddress) -> Reach {
        func isIn(_ a: UInt8, _ b: UInt8, _ length: Int) -> Bool {
            address.isIn([a, b, 0, 0], length, of: 4)
        }
        // The metadata services of Alibaba Cloud and Azure, outside 169.254.0.0/16.
        if address.bytes == [100, 100, 100, 200] || address.bytes == [168, 63, 129, 16] {
            return .linkLocal
        }
        if isIn(169, 254, 16) { return .linkLocal }
        // Linux connects 0.0.0.0 to this machine.
        if isIn(127, 0, 8) || isIn(0, 0, 8) { return .loopback }
        if isIn(10, 0, 8) || isIn(172, 16, 12) || isIn(192, 168, 16) { return .privateUse }
        if isIn(100, 64, 10) || isIn(198, 18, 15) || isIn(192, 0, 24) { return .privateUse }
        return address.bytes[0] >= 224 ? .unusable : .global
    }

    private static func reach(ofIPv6 address: IPAddress) -> Reach {
        // fd00:ec2::254, the metadata service of AWS.
        let metadata: [UInt8] = [0xFD, 0, 0x0E, 0xC2] + Array(repeating: 0, count: 10) + [2, 0x54]
        if address.bytes == metadata || address.isIn([0xFE, 0x80], 10, of: 16) { return .linkLocal }
        if address.isIn(zeros, 96, of: 16) { return .loopback }
        if address.isIn([0xFC], 7, of: 16) || address.isIn([0xFE, 0xC0], 10, of: 16) { return .privateUse }
        if address.isIn([0, 0x64, 0xFF, 0x9B, 0, 1], 48, of: 16) { return .privateUse }
        return address.isIn([0xFF], 8, of: 16) ? .unusable : .global
    }
}
