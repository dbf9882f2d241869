import Testing

@testable import GatewayAPI

@Suite struct WebOriginTests {
    @Test(arguments: [
        ("http://localhost:8031", "http://localhost:8031"),
        ("HTTP://LocalHost:8031", "http://localhost:8031"),
        ("https://gate.example", "https://gate.example"),
        ("https://gate.example:443", "https://gate.example"),
        ("http://gate.example:443", "http://gate.example:443"), ("http://localhost.", "http://localhost"),
        ("http://[::1]:9", "http://[::1]:9"), ("http://[::1]", "http://[::1]"),
        ("http://10.0.0.1:80", "http://10.0.0.1"), ("https://a_b-c.example", "https://a_b-c.example"),
    ])
    func `an origin is read and spelled as browsers do`(_ text: String, _ spelled: String) {
        #expect(WebOrigin(text)?.text == spelled)
    }

    @Test(arguments: [
        "", "null", "*", "localhost:8031", "//localhost", "ftp://localhost", "file://", "http://", "http:///",
        "http://:80", "http://localhost/", "http://localhost?", "http://localhost#", "http://u@localhost",
        "http://localhost:", "http://localhost:+80", "http://localhost:65536", "http://localhost:8031:1",
        "http://*.example.com", "http://[::1", "http://[::1]x", "http://[]", "http://[localhost]",
        "http://é.example", "http://localhost:８０", "http://local host", "http://.", "chrome-extension://abc",
        "http://\u{212A}.example",
    ])
    func `another text is none`(_ text: String) { #expect(WebOrigin(text) == nil) }

    @Test func `origins with another scheme, host or port differ`() {
        let origins = [
            "http://a", "https://a", "http://b", "http://a:443", "https://a:80", "http://a:8031",
        ].compactMap { WebOrigin($0) }
        #expect(Set(origins).count == 6)
    }
}
