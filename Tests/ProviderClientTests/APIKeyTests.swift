import Testing

@testable import ProviderClient

@Suite struct APIKeyTests {
    @Test func `a key prints as nothing but its type`() {
        expectNoKey(in: key)
        expectNoKey(in: [key])
        expectNoKey(in: Optional(key) as Any)
        #expect("\(key)" == "APIKey(…)")
        #expect(String(reflecting: key) == "APIKey(…)")
    }

    @Test(arguments: ["", "\n", "\r\n"])
    func `the line end of a key file is no part of the key`(_ end: String) throws {
        #expect(try APIKey(secret + end).authorization() == "Bearer \(secret)")
    }

    @Test(arguments: [
        ("", APIKeyError.empty), ("\r\n\n", .empty), ("a b", .unprintable), ("a\r\nX: y", .unprintable),
        ("schlüssel", .unprintable), ("a\0", .unprintable), (" key-1", .unprintable),
        (String(repeating: "k", count: 4097), .tooLong(limit: 4096)),
    ])
    func `what is no key is refused without being quoted`(_ text: String, _ fault: APIKeyError) {
        #expect(throws: fault) { try APIKey(text) }
        #expect(text.isEmpty || !"\(fault)".contains(text))
    }
}

@Suite struct RedactorTests {
    @Test func `the key is taken out wherever it stands`() {
        let redactor = key.redactor
        #expect(
            redactor.clean("no \(secret), twice \(secret)\(secret)!")
                == "no APIKey(…), twice APIKey(…)APIKey(…)!")
        #expect(redactor.clean(secret) == "APIKey(…)")
        // A combining mark makes one character of the key's last letter and itself.
        #expect(!redactor.clean(secret + "\u{301}").utf8.contains(secret.utf8))
        // Controls and invisible marks inside would hide it until somebody takes them out.
        #expect(!redactor.clean("sk-live\u{200D}-0123456789abcdef").contains(secret))
        #expect(redactor.clean("a\u{202E}b\r\nc\td\u{2028}e") == "ab  c d e")
    }

    @Test func `text is cut to its bound after the key is out`() {
        let redactor = key.redactor
        for pad in 480..<510 {
            let cleaned = redactor.clean(String(repeating: "x", count: pad) + secret)
            #expect(!cleaned.contains("sk-"))
            #expect(cleaned.unicodeScalars.count <= 501)
        }
    }

    @Test func `a link that repeats the key is recognized, escaped or not`() {
        let redactor = key.redactor
        #expect(redactor.isNamed(in: "https://x/?key=\(secret)"))
        #expect(redactor.isNamed(in: "https://x/?key=sk%2dlive%2D0123456789abcdef"))
        #expect(!redactor.isNamed(in: "https://x/?key=sk-live"))
        #expect(!redactor.isNamed(in: "https://x/%zz%"))
    }
}

@Suite struct PercentCodingTests {
    @Test(arguments: ["%", "%4", "%zz", "%+5", "%-1", "% 5", "%5+", "%é1", "100%"])
    func `what is no escape stays as it is`(_ text: String) {
        #expect(PercentCoding.decode(text) == Array(text.utf8))
    }

    @Test func `escapes are taken in letters of both sizes`() {
        #expect(PercentCoding.decode("a%2Fb%2f%41%c3%A9%%30") == Array("a/b/Aé%0".utf8))
    }

    @Test(arguments: ["task-1", "a/b?c#d%41", ".", "..", "...", "é\u{0}\n"])
    func `a segment means itself when decoded, and has no way out of its place`(_ text: String) {
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
