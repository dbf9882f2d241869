import Testing
@testable import HTTPWire

@Suite struct ByteSetTests {
    private static let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

    @Test func `each byte set contains exactly the bytes of its RFC`() {
        let letters = Self.letters
        let expected: [(ByteSet, String)] = [
            (.token, letters + "!#$%&'*+-.^_`|~"), (.path, letters + "-._~!$&'()*+,;=:@/"),
            (.query, letters + "-._~!$&'()*+,;=:@/?"), (.registeredName, letters + "-._~!$&'()*+;="),
            (.hexDigit, "0123456789abcdefABCDEF"),
        ]
        for (set, text) in expected {
            let found = (UInt8.min...UInt8.max).filter(set.contains)
            #expect(found == Array(text.utf8).sorted())
        }
    }

    @Test func `the first matching byte is found at any position`() {
        for length in 0..<40 {
            for place in 0..<length {
                for byte: UInt8 in [0, 9, 10, 0x1f, 0x7f] {
                    var bytes = [UInt8](repeating: 0x80, count: length)
                    bytes[place] = byte
                    if place > 0 { bytes[place - 1] = 0x20 }
                    if place + 1 < length { bytes[place + 1] = byte &+ 1 }
                    #expect(bytes.span.endOfText(in: 0..<length) == place)
                    #expect(bytes.span.firstIndex(of: byte, in: 0..<length) == place)
                }
            }
            let text = [UInt8](repeating: 0xff, count: length)
            #expect(text.span.endOfText(in: 0..<length) == length)
            #expect(text.span.firstIndex(of: 0, in: 0..<length) == nil)
        }
    }
}
