/// Hosts that are this machine, which no proxy can reach for us.
package enum LoopbackHost {
    /// Returns whether a host is loopback: `localhost` and its subdomains (RFC 6761 §6.3), 127.0.0.0/8,
    /// `::1`, both also as IPv4-mapped IPv6, and the unspecified address, which Linux connects to loopback.
    ///
    /// - Parameter host: as in a URL, IPv6 with or without brackets.
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

    /// Returns whether a URL's host is loopback.
    package static func isHost(ofURL url: String) -> Bool { contains(URLHost.host(of: url)) }

    private static func isLoopback(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.first == 127 || bytes.allSatisfy { $0 == 0 }
    }
}
