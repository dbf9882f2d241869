import Testing

@testable import ProviderClient

/// Every form in which a reply may contain the API key.
@Suite struct SecretFormsTests {
    private static let secret = #"sk-Ab+9/cD==x&y"z_0123456789"#
    private let redactor = Redactor(secret: secret)

    @Test(arguments: [
        "sk-Ab%2B9%2FcD%3D%3Dx%26y%22z_0123456789", "sk-Ab%2b9%2fcD%3d%3dx%26y%22z_0123456789",
        "sk-Ab%252B9%252FcD%253D%253Dx%2526y%2522z_0123456789", #"sk-Ab+9\/cD==x&y\"z_0123456789"#,
        #"sk-Ab\u002b9/cD==x\u0026y\u0022z_0123456789"#, "sk-Ab+9/cD==x&amp;y&quot;z_0123456789",
        "sk-Ab&#43;9&#x2F;cD==x&#38;y&#34;z_0123456789", #"SK-AB+9/CD==X&Y"Z_0123456789"#,
        #"sk-ab+9/cd==x&y"z_0123456789"#,
        "736b2d41622b392f63443d3d782679227a5f30313233343536373839",
        "736B2D41622B392F63443D3D782679227A5F30313233343536373839",
        // Alone, after `Bearer `, after `:` and in the URL-safe alphabet.
        "c2stQWIrOS9jRD09eCZ5InpfMDEyMzQ1Njc4OQ==",
        "QmVhcmVyIHNrLUFiKzkvY0Q9PXgmeSJ6XzAxMjM0NTY3ODk=",
        "OnNrLUFiKzkvY0Q9PXgmeSJ6XzAxMjM0NTY3ODk=", "OnNrLUFiKzkvY0Q9PXgmeSJ6XzAxMjM0NTY3ODk",
        "QmVhcmVyIHNrLUFiKzkvY0Q9PXgmeSJ6XzAxMjM0NTY3ODk%3D",
    ])
    func `the key is removed in every form`(_ form: String) {
        let cleaned = redactor.clean("no \(form) end")
        #expect(cleaned == "no APIKey(…) end" || cleaned == "no APIKey(…)%3D end")
        #expect(redactor.containsKey(in: "https://v/\(form)"))
    }

    /// The text with a separator between its characters.
    private static func spaced(_ text: String, _ separator: String, every count: Int = 1) -> String {
        text.enumerated().map { ($0 > 0 && $0 % count == 0 ? separator : "") + String($1) }.joined()
    }

    private static let hexadecimal = "736b2d41622b392f63443d3d782679227a5f30313233343536373839"
    private static let base64 = "c2stQWIrOS9jRD09eCZ5InpfMDEyMzQ1Njc4OQ=="

    static let disguised: [String] = {
        let breaks = ["\n", "\r\n    ", #"\n"#, #"\r\n"#, "%0A", "%0d%0a", "&#10;", " ", "\u{2028}"]
        let invisible = [
            "\u{200B}", "\u{AD}", "\u{FEFF}", "\u{2060}", "\u{301}", #"\u200b"#, "%E2%80%8B", "&#8203;",
            "&#x200B;", "&shy;", "&ZeroWidthSpace;", "\0", "\u{7F}",
        ]
        let filled = (breaks + invisible).flatMap { [spaced(secret, $0), spaced(secret, $0, every: 14)] }
        let wrapped = breaks.map { spaced(base64, $0, every: 20) }
        let separated = [":", " ", "-", ", ", ", 0x", "\n"].map { spaced(hexadecimal, $0, every: 2) }
        return filled + wrapped + separated
            + [
                "0x" + spaced(hexadecimal.uppercased(), ", 0x", every: 2),
                #"\x"# + spaced(hexadecimal, #"\x"#, every: 2),
                secret.utf8.map { "\($0)" }.joined(separator: ", "),
                // Encoded twice: Base64 of Base64 alone and after `Bearer `, of both hexadecimal forms, and
                // the hexadecimal form of Base64.
                "YzJzdFFXSXJPUzlqUkQwOWVDWjVJbnBmTURFeU16UTFOamM0T1E9PQ==",
                "UW1WaGNtVnlJSE5yTFVGaUt6a3ZZMFE5UFhnbWVTSjZYekF4TWpNME5UWTNPRGs9",
                "NzM2YjJkNDE2MjJiMzkyZjYzNDQzZDNkNzgyNjc5MjI3YTVmMzAzMTMyMzMzNDM1MzYzNzM4Mzk=",
                "NzM2QjJENDE2MjJCMzkyRjYzNDQzRDNENzgyNjc5MjI3QTVGMzAzMTMyMzMzNDM1MzYzNzM4Mzk=",
                base64.utf8.map { String($0, radix: 16) }.joined(),
                String(secret.reversed()), String(hexadecimal.reversed()), String(base64.reversed()),
                "OTg3NjU0MzIxMF96InkmeD09RGMvOStiQS1rcw==",
            ]
    }()

    @Test(arguments: disguised)
    func `the key is removed with filler inside, encoded twice, and reversed`(_ form: String) {
        let cleaned = redactor.clean("no <\(form)> end")
        #expect(["no <APIKey(…)> end", "no <0xAPIKey(…)> end"].contains(cleaned), "\(cleaned)")
        #expect(redactor.containsKey(in: form))
    }

    @Test func `a key with what looks like an escape is removed`() {
        for secret in [#"sk\n-%41-&amp;-%25-\\-0123456789"#, "2Fsk%2F0123456789abcdef"] {
            let redactor = Redactor(secret: secret)
            #expect(redactor.clean("<\(secret)>") == "<APIKey(…)>")
            #expect(redactor.clean("%\(secret)>") == "%APIKey(…)>")
        }
    }

    @Test func `a key is found in a stream of bytes that is split anywhere`() {
        for form in [Self.spaced(Self.secret, "\u{200B}"), Self.spaced(Self.hexadecimal, ":", every: 2)] {
            let bytes = Array("<<\(form)>>".utf8)
            for split in bytes.indices {
                var scan = KeyScan(redactor)
                let first = scan.containsKey(in: Array(bytes[..<split]))
                let second = scan.containsKey(in: Array(bytes[split...]))
                #expect(first || second, "\(split)")
            }
        }
    }

    @Test func `the work is bounded for text that begins like the key again and again`() {
        let text = String(
            repeating: "sk-Ab+9/cD==x&y\"z_012345678" + String(repeating: " ", count: 400), count: 200)
        #expect(!redactor.containsKey(in: text))
        #expect(redactor.clean(text + Self.secret, limit: 1_000_000).hasSuffix("APIKey(…)"))
    }

    @Test func `text that only resembles the key is unchanged`() {
        for text in ["sk-Ab+9/cD", "no model x&y", "%zz%4 &#; \\", "c2stQWIrOS9j"] {
            #expect(redactor.clean(text) == text)
            #expect(!redactor.containsKey(in: text))
        }
        // A short secret could be a word: only its exact spelling matches.
        #expect(Redactor(secret: "word").clean("Word word") == "Word APIKey(…)")
    }

    @Test(arguments: [
        ("https%3A%2F%2Fv%2F1%3Ftoken%3Dabc", "https%3A%2F%2Fv%2F1?…"),
        ("https%3a%2f%2fv%2f1%23abc", "https%3a%2f%2fv%2f1?…"),
        ("https%253A%252F%252Fv%252F1%253Ftoken%253Dabc", "https%253A%252F%252Fv%252F1?…"),
        ("to=https%3A%2F%2Fv%2F1", "to=https%3A%2F%2Fv%2F1"),
    ])
    func `the query of an encoded URL is cut`(_ text: String, _ cleaned: String) {
        #expect(redactor.clean("see \(text) now") == "see \(cleaned) now")
    }
}
