package import HTTPFetching

/// An entry of `webhooks.allow`: where webhooks may be sent.
package enum WebhookDestination: Hashable, Sendable {
    case addresses(AddressBlock)
    /// A host by its name in lower case, whatever its address, except for one of a single link.
    case host(String)

    /// Parses `loopback`, an address, a block in CIDR notation, or a host name.
    package init?(_ text: String) {
        if text == "loopback" {
            self = .addresses(.loopback)
            return
        }
        if let block = AddressBlock(text) {
            guard !block.isLinkLocal else { return nil }
            self = .addresses(block)
            return
        }
        let isName =
            (1...253).contains(text.utf8.count) && !text.hasPrefix(".")
            && text.utf8.allSatisfy { Self.isNameByte($0) }
        // Digits alone would be an address in another notation.
        guard isName, text.contains(where: \.isLetter) else { return nil }
        self = .host(text.lowercased())
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "-._".utf8.contains(byte)
    }
}
