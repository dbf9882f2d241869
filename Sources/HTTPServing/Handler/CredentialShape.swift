/// A search for text that has the shape of a credential. A caller that sends one as its request id would
/// otherwise write it to the log.
///
/// A shape suffices: a credential that is cut off, or that another system issued, is a secret as well. A
/// harmless id of this shape costs nothing, as the request gets a generated one.
enum CredentialShape {
    /// The beginnings of tokens of this gateway, keys of providers, and secrets of webhooks, in lower case.
    private static let prefixes = ["rg_", "sk-", "sk_", "whsec_", "bearer"].map { Array($0.utf8) }
    /// The fewest letters and digits after a prefix.
    private static let digitsMin = 16
    /// The length of a session's secret.
    private static let sessionLength = 52

    /// Whether a text contains something that looks like a token, a key or a session's secret.
    static func isContained(in text: String) -> Bool {
        let bytes = text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
        let runs = bytes.split { !isDigit($0) }
        if runs.contains(where: { $0.count == sessionLength }) { return true }
        return bytes.indices.contains { index in
            prefixes.contains { prefix in
                guard bytes[index...].starts(with: prefix) else { return false }
                // `task-…` and `disk-…` end like a prefix.
                if prefix.starts(with: "sk".utf8), index > 0, isDigit(bytes[index - 1]) { return false }
                let rest = bytes[(index + prefix.count)...]
                return rest.prefix { isDigit($0) || "-_.:=+/ ".utf8.contains($0) }
                    .count(where: isDigit) >= digitsMin
            }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
