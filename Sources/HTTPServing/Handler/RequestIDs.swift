internal import Transport

/// The generator of request ids, which differ between loops and processes. With 15 bytes an id fits into a
/// `String` without an allocation.
struct RequestIDs {
    /// `req-`, five random digits, and six that count up.
    private var text = Array("req-".utf8)

    init() {
        for byte in Entropy.bytes(5) { text.append(Self.digits[Int(byte) % Self.digits.count]) }
        text += Array("000000".utf8)
    }

    /// Returns the next id.
    mutating func next() -> String {
        var position = text.count - 1
        while !count(up: &text[position]) { position = max(9, position - 1) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Increments one digit; false if that carries.
    private func count(up digit: inout UInt8) -> Bool {
        switch digit {
        case UInt8(ascii: "z"):
            digit = UInt8(ascii: "0")
            return false
        case UInt8(ascii: "9"): digit = UInt8(ascii: "a")
        default: digit += 1
        }
        return true
    }

    private static let digits = Array("0123456789abcdefghijklmnopqrstuvwxyz".utf8)
}
