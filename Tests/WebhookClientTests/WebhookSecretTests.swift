import Testing

@testable import WebhookClient

@Suite struct WebhookSecretTests {
    /// Computed with Python's hmac.
    @Test func `a signature is v1 and the HMAC of id, time and body`() throws {
        let secret = try #require(WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"))
        let signature = secret.signature(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8))
        #expect(signature == "v1,d5PJaLhU6hQf9TLleqdn97PBQffdITHtAOuMMHkRQ4U=")
    }

    @Test(arguments: [
        "", "whsec_", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3", "whsec_MDEyMzQ1Njc4OWFiY2RlZg==",
        "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY", "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3\n",
        "whsk_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
    ])
    func `what is not whsec_ and Base64 of 24 to 64 bytes is no secret`(_ text: String) {
        #expect(WebhookSecret(text) == nil)
    }

    @Test func `no printed form contains the secret`() throws {
        let secret = try #require(WebhookSecret("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"))
        var text = ""
        dump(secret, to: &text)
        for form in ["\(secret)", String(reflecting: secret), text] {
            #expect(!form.contains("MDEy") && !form.contains("48"), "\(form)")
        }
    }
}
