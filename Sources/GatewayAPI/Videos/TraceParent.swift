/// The header field `traceparent` (W3C Trace Context).
enum TraceParent {
    static let name = "traceparent"

    /// Returns the value if it is valid: version, trace id, parent id and flags in lower-case hexadecimal, no
    /// id of zeros only.
    static func valid(_ value: String?) -> String? {
        guard let value else { return nil }
        let parts = value.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [2, 32, 16, 2], parts[0] != "ff",
            parts.allSatisfy({ $0.utf8.allSatisfy(isHexadecimal) }),
            parts[1...2].allSatisfy({ $0.contains { $0 != "0" } })
        else { return nil }
        return value
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }
}
