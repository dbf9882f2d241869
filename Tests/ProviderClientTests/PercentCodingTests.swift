import Testing

@testable import ProviderClient

@Suite struct PercentCodingTests {
    @Test(arguments: ["%", "%4", "%zz", "%+5", "%-1", "% 5", "%5+", "%é1", "100%"])
    func `an invalid escape is unchanged`(_ text: String) {
        #expect(PercentCoding.decode(text) == Array(text.utf8))
    }

    @Test func `escapes are case-insensitive`() {
        #expect(PercentCoding.decode("a%2Fb%2f%41%c3%A9%%30") == Array("a/b/Aé%0".utf8))
    }

    @Test(arguments: ["task-1", "a/b?c#d%41", ".", "..", "...", "é\u{0}\n"])
    func `an encoded segment decodes to itself and cannot change the path`(_ text: String) {
        let encoded = PercentCoding.encodeSegment(text)
        #expect(PercentCoding.decode(encoded) == Array(text.utf8))
        #expect(!encoded.contains { "/?#".contains($0) } && encoded != "." && encoded != "..")
    }
}

extension Collection<UInt8> {
    fileprivate func contains(_ other: some Collection<UInt8>) -> Bool {
        !Array(self).ranges(of: Array(other)).isEmpty
    }
}
