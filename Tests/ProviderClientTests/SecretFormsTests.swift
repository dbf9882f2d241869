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
