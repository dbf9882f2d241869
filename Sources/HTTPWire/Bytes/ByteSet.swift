/// A set of ASCII bytes as two 64-bit masks, so that a lookup takes a shift and no memory access.
struct ByteSet: Sendable {
    private let low: UInt64
    private let high: UInt64

    /// `low` has one bit for each of the bytes 0…63, `high` for 64…127. Written as numbers because only those
    /// become constants; `ByteSetTests` checks them against the RFCs.
    init(low: UInt64, high: UInt64) {
        self.low = low
        self.high = high
    }

    @inline(__always)
    func contains(_ byte: UInt8) -> Bool {
        byte < 0x80 && (byte < 64 ? low : high) &>> UInt64(byte & 63) & 1 == 1
    }

    /// `tchar` (RFC 9110 §5.6.2).
    static let token = ByteSet(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)
    /// `pchar` and `/`, without the `%` of an escape (RFC 3986 §3.3).
    static let path = ByteSet(low: 0x2fff_ffd2_0000_0000, high: 0x47ff_fffe_87ff_ffff)
    /// Like `path`, plus `?` (RFC 3986 §3.4).
    static let query = ByteSet(low: 0xafff_ffd2_0000_0000, high: 0x47ff_fffe_87ff_ffff)
    /// The bytes of a registered name (RFC 3986 §3.2.2) except the comma: in a Host field it would be two
    /// hosts in one line, which senders must not generate and parsers read differently.
    static let registeredName = ByteSet(low: 0x2bff_6fd2_0000_0000, high: 0x47ff_fffe_87ff_fffe)
    /// `HEXDIG`, in either case.
    static let hexDigit = ByteSet(low: 0x03ff_0000_0000_0000, high: 0x0000_007e_0000_007e)
}
