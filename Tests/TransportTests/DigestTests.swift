import Glibc
import Testing
import Transport

@Suite struct DigestTests {
    // FIPS 180-2, appendix B.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `the digest matches the standard, however the bytes are split`(_ text: String, _ expected: String) {
        let bytes = Array(text.utf8)
        for cut in 0...bytes.count {
            var digest = SHA256Digest()
            digest.update(Array(bytes[..<cut]))
            digest.update(Array(bytes[cut...]))
            #expect(digest.finishHex() == expected)
        }
        #expect(SHA256Digest.hex(of: bytes) == expected)
        let words = SHA256Digest.words(of: ([0] + bytes).dropFirst())
        let digits = [words.0, words.1, words.2, words.3].map { word in
            let text = String(word, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }
        #expect(digits.joined() == expected)
    }
}
