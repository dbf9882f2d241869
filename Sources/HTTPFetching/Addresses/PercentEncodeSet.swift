/// The bytes that must be percent-encoded in a part of a URL (WHATWG URL, section 1.3). `%` is never encoded.
struct PercentEncodeSet {
    static let query = PercentEncodeSet(" \"#<>'")
    static let path = PercentEncodeSet(" \"#<>?^`{}")
    static let userInfo = PercentEncodeSet(" \"#<>?^`{}/;=@[\\]|")

    private let marks: [UInt8]

    private init(_ marks: String) { self.marks = Array(marks.utf8) }

    func encode(_ bytes: ArraySlice<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var encoded: [UInt8] = []
        encoded.reserveCapacity(bytes.count)
        for byte in bytes {
            if byte > 0x1F, byte < 0x7F, !marks.contains(byte) {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }
}
