import JSONText
import Testing
import VideoJobs

@Suite struct HTTPURLSyntaxTests {
    let catalog = ShippedCatalog.catalog

    @Test(arguments: [
        "https://example.com/ref1.jpg", "http://127.0.0.1:8032/reference/1.png", "HTTPS://EXAMPLE.COM",
        "https://[::1]:8080/x", "https://例え.jp/图.jpg", "https://a.b-c_d/%20?q=a@b&sig=x%2B#f",
        "http://localhost:1/",
    ]) func `a valid URL passes`(_ url: String) throws {
        _ = try catalog.validate(
            JSONValue.object(ShippedCatalog.job(["reference_image_urls": [.string(url)]])).serialized())
    }

    static let badURLs: [(String, String)] = [
        ("", "must be a URL that begins with http:// or https://"),
        ("example.com/a.jpg", "must be a URL that begins with http:// or https://"),
        ("ftp://example.com/a.jpg", "must be a URL that begins with http:// or https://"),
        ("file:///etc/passwd", "must be a URL that begins with http:// or https://"),
        ("data:image/png;base64,AAAA", "must be a URL that begins with http:// or https://"),
        ("https:/example.com", "must be a URL that begins with http:// or https://"),
        (" https://example.com/", "must be a URL that begins with http:// or https://"),
        ("https://example.com/a b.jpg", "must not contain spaces"),
        ("https://example.com/\n", "must not contain spaces"),
        ("https://example.com/\u{202E}gpj", "must not contain spaces"),
        ("https://example.com/\u{A0}", "must not contain spaces"),
        ("https://example.com\\@evil.com/", "must not contain a backslash"),
        ("https://user:pass@example.com/a.jpg", "must not contain a user name or password"),
        ("https://", "must name a host"), ("https:///a.jpg", "must name a host"),
        ("https://:80/", "must name a host"),
        ("https://?x", "must name a host"), ("https://[::1/", "must name a host"),
        ("https://[zz]/", "must name a host"),
        ("https://a,b/", "must name a host"), ("https://.../", "must name a host"),
        ("https://example.com:0/", "must have a port"), ("https://example.com:65536/", "must have a port"),
        ("https://example.com:/", "must have a port"), ("https://[::1]x/", "must have a port"),
    ]

    @Test(arguments: badURLs)
    func `an invalid URL is an issue of its element`(_ url: String, _ message: String) throws {
        let urls: JSONValue = ["https://example.com/good.jpg", .string(url)]
        let issue = try #require(catalog.issues(ShippedCatalog.job(["reference_image_urls": urls])).first)
        #expect(issue.pointer == "/reference_image_urls/1")
        #expect(issue.code == "not_a_url")
        #expect(issue.message.hasPrefix("this element of reference_image_urls " + message))
        #expect(url.count <= 8 || !issue.message.contains(url), "a URL may be signed")
    }

    @Test func `every element has its own issue`() {
        let issues = catalog.issues(
            ShippedCatalog.job([
                "reference_image_urls": [
                    1, "x", .string("https://e.com/" + String(repeating: "a", count: 2048)),
                ]
            ]))
        #expect(issues.map(\.pointer) == (0...2).map { "/reference_image_urls/\($0)" })
        #expect(issues.map(\.code) == ["wrong_type", "not_a_url", "too_long"])
        let single: JSONObject = ["model": "veo-3.1-image-to-video", "prompt": "x", "image_url": "nowhere"]
        #expect(
            catalog.issues(single) == [
                JobIssue(
                    pointer: "/image_url", code: "not_a_url",
                    message: "image_url must be a URL that begins with http:// or https://")
            ])
    }
}
