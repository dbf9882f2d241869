import Testing

@testable import ProviderClient

@Suite struct RedactorTests {
    @Test func `the key is removed anywhere in a text`() {
        let redactor = key.redactor
        #expect(
            redactor.clean("no \(secret), twice \(secret)\(secret)!")
                == "no APIKey(…), twice APIKey(…)APIKey(…)!")
        #expect(redactor.clean(secret) == "APIKey(…)")
        // A combining mark forms one character with the key's last letter.
        #expect(!redactor.clean(secret + "\u{301}").utf8.contains(secret.utf8))
        // Control and format characters inside the key would hide it until they are removed.
        #expect(!redactor.clean("sk-live\u{200D}-0123456789abcdef").contains(secret))
        #expect(redactor.clean("a\u{202E}b\r\nc\td\u{2028}e") == "ab  c d e")
    }

    @Test func `text is cut after the key is removed`() {
        let redactor = key.redactor
        for pad in 480..<510 {
            let cleaned = redactor.clean(String(repeating: "x", count: pad) + secret)
            #expect(!cleaned.contains("sk-"))
            #expect(cleaned.unicodeScalars.count <= 501)
        }
    }

    @Test func `a link that contains the key is recognized, escaped or not`() {
        let redactor = key.redactor
        #expect(redactor.containsKey(in: "https://x/?key=\(secret)"))
        #expect(redactor.containsKey(in: "https://x/?key=sk%2dlive%2D0123456789abcdef"))
        #expect(!redactor.containsKey(in: "https://x/?key=sk-live"))
        #expect(!redactor.containsKey(in: "https://x/%zz%"))
    }
}
