/// The bytes that are percent-encoded in a part of a URL.
package struct PercentEncodeSet: Sendable {
    /// The sets of the WHATWG URL standard, section 1.3. `%` is never encoded, so that escapes stay.
    static let query = PercentEncodeSet(encoded: " \"#<>'")
    static let path = PercentEncodeSet(encoded: " \"#<>?^`{}")
    static let userInfo = PercentEncodeSet(encoded: " \"#<>?^`{}/;=@[\\]|")

    /// Everything but the unreserved characters of RFC 3986 §2.3: for one path segment or one query value.
    package static let component = PercentEncodeSet { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            false
        default: !"-._~".utf8.contains(byte)
        }
    }

    private let isEncoded: @Sendable (UInt8) -> Bool

    private init(_ isEncoded: @escaping @Sendable (UInt8) -> Bool) { self.isEncoded = isEncoded }

    private init(encoded marks: String) {
        let marks = Array(marks.utf8)
        self.init { $0 <= 0x1F || $0 >= 0x7F || marks.contains($0) }
    }

    /// Returns text in which the bytes of the set are escapes with capital digits (RFC 3986 §2.1).
    package func encode(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count)
        for byte in bytes {
            if isEncoded(byte) {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            } else {
                encoded.append(byte)
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
