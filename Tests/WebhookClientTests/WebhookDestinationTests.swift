import HTTPFetching
import Testing

@testable import WebhookClient

@Suite struct WebhookDestinationTests {
    @Test(arguments: [
        "loopback", "10.0.0.0/8", "192.0.2.7", "fd00::/8", "0.0.0.0/0", "hooks.example.com", "localhost",
        "a-b_c.example.",
    ])
    func `loopback, blocks and host names are destinations`(_ text: String) {
        #expect(WebhookDestination(text) != nil)
    }

    @Test(arguments: [
        "", "169.254.0.0/16", "169.254.169.254", "fe80::/10", "fe80::1", "fd00:ec2::254", "10.0.0.0/33",
        "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.0/-1", "https://a.example", "a.example:443", "a.example/",
        "*.example", ".example", "u@a", "2130706433", "a b", "ä.example",
    ])
    func `link-local addresses and everything else are none`(_ text: String) {
        #expect(WebhookDestination(text) == nil)
    }
}
