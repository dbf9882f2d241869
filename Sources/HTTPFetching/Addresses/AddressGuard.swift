/// Which addresses a URL may lead to that somebody else wrote.
///
/// Applied when the name has been resolved, before the connection, and at every redirect: a name that is
/// public when it is checked can be private when it is used.
package struct AddressGuard: Equatable, Sendable {
    /// How far an address reaches.
    package enum Reach: Equatable, Sendable {
        /// Anybody's.
        case global
        /// This machine's.
        case loopback
        /// A network's own (RFC 1918, RFC 4193, RFC 6598, RFC 2544).
        case privateUse
        /// One link's, and the addresses at which clouds tell a machine its secrets.
        case linkLocal
        /// No host's: multicast, reserved.
        case unusable
    }

    /// Whether private and loopback addresses pass.
    package var allowsPrivate: Bool

    package init(allowsPrivate: Bool) { self.allowsPrivate = allowsPrivate }

    /// Why a connection to the address is refused; `nil` if it passes.
    package func refusal(of address: IPAddress) -> String? {
        switch Self.reach(of: address) {
        case .global: nil
        case .loopback: allowsPrivate ? nil : "the link leads to this machine itself (a loopback address)"
        case .privateUse: allowsPrivate ? nil : "the link leads to a private address"
        case .linkLocal: "the link leads to a link-local address"
        case .unusable: "the link leads to an address that no host has"
        }
    }

    /// How far an address reaches; an IPv4 address inside an IPv6 address counts.
    package static func reach(of address: IPAddress) -> Reach {
        // Before what is embedded: `::1` and `::` would read as compatible ones.
        if address.bytes.count == 4 { return reach(ofIPv4: address) }
        if let inner = address.embeddedIPv4, !address.isIn(zeros, 96, of: 16) || inner.bytes[0] != 0 {
            return reach(ofIPv4: inner)
        }
        return reach(ofIPv6: address)
    }

    private static let zeros = [UInt8](repeating: 0, count: 16)

    private static func reach(ofIPv4 address: IPAddress) -> Reach {
        func isIn(_ a: UInt8, _ b: UInt8, _ length: Int) -> Bool {
            address.isIn([a, b, 0, 0], length, of: 4)
        }
        // Metadata services of Alibaba Cloud and Azure, outside 169.254.0.0/16.
        if address.bytes == [100, 100, 100, 200] || address.bytes == [168, 63, 129, 16] {
            return .linkLocal
        }
        if isIn(169, 254, 16) { return .linkLocal }
        // 0.0.0.0 connects to this machine.
        if isIn(127, 0, 8) || isIn(0, 0, 8) { return .loopback }
        if isIn(10, 0, 8) || isIn(172, 16, 12) || isIn(192, 168, 16) { return .privateUse }
        if isIn(100, 64, 10) || isIn(198, 18, 15) || isIn(192, 0, 24) { return .privateUse }
        return address.bytes[0] >= 224 ? .unusable : .global
    }

    private static func reach(ofIPv6 address: IPAddress) -> Reach {
        // fd00:ec2::254, Amazon's metadata service.
        let metadata: [UInt8] = [0xFD, 0, 0x0E, 0xC2] + Array(repeating: 0, count: 10) + [2, 0x54]
        if address.bytes == metadata || address.isIn([0xFE, 0x80], 10, of: 16) { return .linkLocal }
        if address.isIn(zeros, 96, of: 16) { return .loopback }
        if address.isIn([0xFC], 7, of: 16) || address.isIn([0xFE, 0xC0], 10, of: 16) { return .privateUse }
        if address.isIn([0, 0x64, 0xFF, 0x9B, 0, 1], 48, of: 16) { return .privateUse }
        return address.isIn([0xFF], 8, of: 16) ? .unusable : .global
    }
}
