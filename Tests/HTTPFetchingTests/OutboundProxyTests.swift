import TestSupport
import Testing

@testable import HTTPFetching

@Suite struct OutboundProxyTests {
    @Test(arguments: [
        "127.0.0.1", "127.255.0.9", "127.1", "2130706433", "0x7f000001", "localhost", "LOCALHOST",
        "localhost.",
        "a.localhost", "a.b.localhost.", "[::1]", "::1", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
        "[::FFFF:7f00:1]", "[::1%25lo]", "0.0.0.0", "[::]",
    ]) func `this machine is recognised by all its names`(_ host: String) {
        #expect(LoopbackHost.contains(host))
        #expect(
            LoopbackHost.isHost(
                ofURL: "http://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):80/"))
    }

    @Test(arguments: [
        "example.com", "localhost.example.com", "notlocalhost", "128.0.0.1", "10.0.0.1", "169.254.169.254",
        "127.evil.example", "127.0.0.1.example", "[::2]", "[::ffff:10.0.0.1]", "[fe80::1]", "", "[",
        "[2001:db8::127.0.0.1]",
    ]) func `other machines are not loopback`(_ host: String) {
        #expect(!LoopbackHost.contains(host))
    }

    @Test(arguments: [
        ("http://u@127.0.0.1:1/x@example.com", true), ("http://127.0.0.1@example.com/", false),
        ("https://example.com?//127.0.0.1", false), ("http://[::1]", true), ("nothing", false),
    ]) func `the host of a URL is the one that libcurl connects to`(_ url: String, _ isLoopback: Bool) {
        #expect(LoopbackHost.isHost(ofURL: url) == isLoopback)
    }

    struct Choice: Sendable {
        var url: String
        var environment: [String: String]
        /// `nil` for none.
        var proxy: String?

        init(_ url: String, _ environment: [String: String], _ proxy: String?) {
            (self.url, self.environment, self.proxy) = (url, environment, proxy)
        }
    }

    static let choices: [Choice] = [
        Choice("http://a.example/", [:], nil),
        Choice("http://a.example/", ["http_proxy": "http://p:3128/"], "p:3128 (from http_proxy)"),
        Choice("http://a.example/", ["HTTP_PROXY": "p:1"], nil),
        Choice("HTTP://a.example/", ["http_proxy": "p"], "p:1080 (from http_proxy)"),
        Choice("https://a.example/", ["http_proxy": "p:1"], nil),
        Choice("https://a.example/", ["HTTPS_PROXY": "p:1"], "p:1 (from HTTPS_PROXY)"),
        Choice("https://a.example/", ["HTTPS_PROXY": "p:1", "https_proxy": "q:2"], "q:2 (from https_proxy)"),
        Choice(
            "https://a.example/", ["https_proxy": "", "all_proxy": "socks5h://[::2]:9"],
            "[::2]:9 (from all_proxy)"),
        Choice("http://a.example/", ["ALL_PROXY": "http://u:secret@p:3/x?y"], "p:3 (from ALL_PROXY)"),
        Choice("http://a.example/", ["http_proxy": "http://[::2]"], "[::2]:1080 (from http_proxy)"),
        Choice("http://localhost:8031/", ["http_proxy": "p:1", "all_proxy": "p:1"], nil),
        Choice("http://a.example/", ["http_proxy": "p:1", "no_proxy": "*"], nil),
        Choice("http://a.example/", ["http_proxy": "p:1", "no_proxy": "b.example, EXAMPLE"], nil),
        Choice("http://a.example./", ["http_proxy": "p:1", "NO_PROXY": ".a.example"], nil),
        Choice(
            "http://ba.example/", ["http_proxy": "p:1", "no_proxy": "a.example"], "p:1 (from http_proxy)"),
        Choice("http://10.1.2.3/", ["http_proxy": "p:1", "no_proxy": "10.0.0.0/8"], nil),
        Choice(
            "http://11.1.2.3/", ["http_proxy": "p:1", "no_proxy": "10.0.0.0/8,11.1.2.4"],
            "p:1 (from http_proxy)"),
        Choice("http://[2001:db8::1]/", ["http_proxy": "p:1", "no_proxy": "2001:db8::/32"], nil),
    ]

    @Test(arguments: choices) func `the proxy is the one that libcurl uses, without credentials`(
        _ choice: Choice
    ) {
        let used = OutboundProxy.used(forURL: choice.url) { choice.environment[$0] }
        #expect(used?.description == choice.proxy)
    }
}
