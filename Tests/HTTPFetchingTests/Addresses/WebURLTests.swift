import Testing

@testable import HTTPFetching

/// Links resolved as in a browser: the expected values come from Node's URL, an implementation of the WHATWG
/// standard.
@Suite struct WebURLTests {
    private static let base = "http://127.0.0.1:8032/api/"

    private static let links: [(link: String, resolved: String?)] = [
        ("http://h.example/a b.mp4", "http://h.example/a%20b.mp4"),
        ("  http://h/x\u{9}\u{a}", "http://h/x"),
        ("HTTP://H.Example:80/", "http://h.example/"),
        ("//cdn.example/x", "http://cdn.example/x"),
        ("/p/q", "http://127.0.0.1:8032/p/q"),
        ("p", "http://127.0.0.1:8032/api/p"),
        ("?q=1", "http://127.0.0.1:8032/api/?q=1"),
        ("../x", "http://127.0.0.1:8032/x"),
        ("./y/../z", "http://127.0.0.1:8032/api/z"),
        ("\\\\cdn.example\\x\\y", "http://cdn.example/x/y"),
        ("/a\\b?c\\d", "http://127.0.0.1:8032/a/b?c\\d"),
        ("http:/x", "http://127.0.0.1:8032/x"),
        ("http:x", "http://127.0.0.1:8032/api/x"),
        ("http:///h/x", "http://h/x"),
        ("https:x", "https://x/"),
        ("https:/h2/x", "https://h2/x"),
        ("http://h/%7Efoo/%zz", "http://h/%7Efoo/%zz"),
        ("http://h/é?é='\"<>`", "http://h/%C3%A9?%C3%A9=%27%22%3C%3E`"),
        ("http://h/a#frag", "http://h/a"),
        ("#f", "http://127.0.0.1:8032/api/"),
        ("http://u:p@h/x", "http://u:p@h/x"),
        ("http://u@h@evil/x", "http://u%40h@evil/x"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://127.1/x", "http://127.0.0.1/x"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
        ("http://h:/x", "http://h/x"),
        ("http://h:99999/", nil),
        ("http://h:0080/", "http://h/"),
        ("http://h:443/", "http://h:443/"),
        ("https://h:443/", "https://h/"),
        ("http://ex%61mple/", "http://example/"),
        ("http://exa mple/", nil),
        ("http://bücher.example/ü", "http://xn--bcher-kva.example/%C3%BC"),
        ("http://h/%2e%2E/%2e/a/.%2e/b", "http://h/b"),
        ("http://h/..//a//../b", "http://h//a/b"),
        ("http://h/a/..", "http://h/"),
        ("http://h/a/.", "http://h/a/"),
        ("http://h?x", "http://h/?x"),
        ("http://h", "http://h/"),
        ("http://h/\u{0}x", "http://h/%00x"),
        ("data:video/mp4;base64,AAAA", nil),
        ("javascript:x", nil),
        ("s3://b/k", nil),
        ("ftp://h/x", nil),
        ("a:b", nil),
        ("1a:b", "http://127.0.0.1:8032/api/1a:b"),
        ("http://h/x?a=%00&b= c", "http://h/x?a=%00&b=%20c"),
        ("http://１２７.0.0.1/", "http://127.0.0.1/"),
        ("http://[fe80::1%25eth0]/", nil),
        ("http://h/a;b=c,d", "http://h/a;b=c,d"),
        ("http://h./x", "http://h./x"),
        ("http://", nil),
        ("http:", "http://127.0.0.1:8032/api/"),
        ("//", nil),
        ("///h/x", "http://h/x"),
        ("////h/x", "http://h/x"),
        ("/\\h/x", "http://h/x"),
        ("\\/h/x", "http://h/x"),
        ("http://h\\@evil/x", "http://h/@evil/x"),
        ("http://h/🎬.mp4", "http://h/%F0%9F%8E%AC.mp4"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://h/x y?z w#a b", "http://h/x%20y?z%20w"),
        ("http://@h/x", "http://h/x"),
        ("http://:@h/x", "http://h/x"),
        ("http://a b:c@h/x", "http://a%20b:c@h/x"),
        ("http://h:8 0/", nil),
        ("https://h/\u{301}x", "https://h/%CC%81x"),
        ("/\u{301}x", "http://127.0.0.1:8032/%CC%81x"),
    ]

    @Test(arguments: links)
    func `a link is resolved as in a browser`(_ link: String, _ resolved: String?) throws {
        let base = try #require(WebURL(Self.base))
        #expect(WebURL(resolving: link, against: base)?.text == resolved)
    }

    @Test(arguments: links.compactMap(\.resolved))
    func `a resolved URL is stable under resolution`(_ url: String) throws {
        let other = try #require(WebURL("https://other.example/x/y?z"))
        #expect(WebURL(resolving: url, against: other)?.text == url)
        #expect(WebURL(url)?.text == url)
    }

    @Test func `a relative link alone is not a URL`() {
        for link in ["", "/x", "x", "?x", "//h/x", "http:"] { #expect(WebURL(link) == nil, "\(link)") }
    }

    @Test func `an origin is scheme, host and port`() throws {
        let origin = try #require(WebURL("http://h/")).origin
        for same in ["http://H:80/x?y", "http://u:p@h:/z", "HTTP:\\\\h\\x"] {
            #expect(WebURL(same)?.origin == origin, "\(same)")
        }
        for other in ["https://h/", "http://h:81/", "http://h./", "http://h@i/", "http://x.h/", "http://hh/"]
        {
            #expect(WebURL(other)?.origin != origin, "\(other)")
        }
    }

    @Test func `an IPv4 address is recognised in all notations`() {
        for link in ["http://１２７.1/", "http://２１３０７０６４３３:/", "http://%31%32%37.1/"] {
            #expect(WebURL(link)?.text == "http://127.0.0.1/", "\(link)")
        }
    }

    @Test func `a URL that is too long is rejected, before and after encoding`() {
        let start = "http://h/"
        #expect(WebURL(start + String(repeating: "a", count: 8192 - start.count)) != nil)
        #expect(WebURL(start + String(repeating: "a", count: 8193 - start.count)) == nil)
        #expect(WebURL(start + String(repeating: "é", count: 2000)) == nil)
    }

    @Test func `printing a URL shows neither query nor password`() throws {
        let url = try #require(WebURL("https://u:s3cret@h/x?sig=s3cret"))
        var text = "\(url) \(String(reflecting: url))"
        dump(url, to: &text)
        #expect(!text.contains("s3cret"))
    }
}
