import Gateway
import GatewayAPI
import GatewayFakes
import Testing
import VideoJobs

/// Archived content that is no file: a stream, and a redirect to the archive.
@Suite struct ContentKindTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    private let entityTag = "\"\(String(repeating: "ab", count: 32))\""

    @Test func `a stream is sent whole, whatever range is requested`() throws {
        let path = try complete { .stream(MemoryStream([UInt8](repeating: 7, count: Int($0)))) }
        for request in [
            TestRequest.get(path), .get(path, ["Range": "bytes=0-1"]), .get(path, ["Range": "bytes=2000-"]),
            .head(path),
        ] {
            let response = try api.ask(request)
            #expect(response.status == 200)
            #expect(response.text == "stream")
            #expect(response["Content-Range"] == nil && response["Accept-Ranges"] == nil)
            #expect(response["ETag"] == entityTag)
            #expect(response["Content-Type"] == "video/mp4")
            #expect(response["Content-Disposition"]?.hasPrefix("inline; filename=") == true)
        }
        #expect(try api.ask(.get(path, ["If-None-Match": entityTag])).status == 304)
        #expect(try api.ask(.get(path, ["If-Match": "\"other\""])).status == 412)
    }

    @Test func `a stream of another length than stored is 503, as is a missing file`() throws {
        let path = try complete { .stream(MemoryStream([UInt8](repeating: 7, count: Int($0) - 1))) }
        #expect(try api.ask(.get(path)).verdict == "503 archive_unavailable -")
    }

    @Test func `a redirect is 307 to a link that nobody stores`() throws {
        let url = "https://archive.example/v.mp4?signature=abc"
        let link = try link(url, for: .seconds(300))
        let path = try complete { _ in .redirect(link) }
        for request in [TestRequest.get(path), .head(path), .get(path, ["Range": "bytes=0-1"])] {
            let response = try api.ask(request)
            #expect(response.status == 307)
            #expect(response["Location"] == url)
            #expect(response["Cache-Control"] == "no-store")
            #expect(response["ETag"] == nil)
            #expect(response.text.isEmpty)
        }
        #expect(try api.ask(.get(path, ["If-None-Match": entityTag])).status == 304)
    }

    @Test func `a link that has expired is 503`() throws {
        let link = try link("https://archive.example/v.mp4", for: .seconds(30))
        let path = try complete { _ in .redirect(link) }
        #expect(try api.ask(.get(path)).status == 307)
        api.world.pass(.seconds(10))
        let expired = try api.ask(.get(path))
        #expect(expired.verdict == "503 archive_unavailable -")
        #expect(expired["Retry-After"] != nil && expired["Location"] == nil)
    }

    @Test(arguments: [
        "", "/v.mp4", "ftp://a.example/", "javascript:alert(1)", "https://a.example/a b",
        "https://a.example/\r\nSet-Cookie: a=b", "https://ä.example/",
    ])
    func `a link that no Location field may hold is none`(_ url: String) {
        #expect(ArchivedLink(url: url, expires: Timestamp(milliseconds: 0)) == nil)
    }

    private func link(_ url: String, for lifetime: Duration) throws -> ArchivedLink {
        try #require(ArchivedLink(url: url, expires: api.world.clock.now() + lifetime))
    }

    /// Runs a job to its end, and returns the path of its content, which the archive then delivers otherwise.
    private func complete(_ makeContent: @escaping @Sendable (Int64) -> ArchivedContent) throws -> String {
        api.provider.report(.report(ProviderReport(.completed, links: ["https://cdn.example/1.mp4"])))
        let id = try #require(try api.submit().task)
        api.world.pass(.seconds(20))
        api.world.archive.deliver(makeContent)
        return "/v1/tasks/\(id)/content"
    }
}
