import HTTPFetching
import Testing

@testable import ProviderClient

@Suite struct ResultRouteTests {
    private let base: WebURL

    init() throws { base = try #require(WebURL("http://own:8032/")) }

    private func route(_ link: String) throws -> ResultRoute {
        try #require(ResultRoute(link, base: base))
    }

    private func redirect(_ location: String?, _ status: Int = 302) -> FetchResponse {
        FetchResponse(status: status, fields: location.map { [(name: "location", value: $0)] } ?? [])
    }

    @Test func `a link of the own origin is retried once with the key`() throws {
        for status in [400, 401, 403, 404] {
            var route = try route("/v.mp4")
            #expect(!route.carriesKey)
            #expect(route.receive(FetchResponse(status: status)) == .request)
            #expect(route.carriesKey && route.url.text == "http://own:8032/v.mp4")
            #expect(route.receive(FetchResponse(status: status)) == .finished)
        }
        var broken = try route("/v.mp4")
        #expect(broken.receive(FetchResponse(status: 500)) == .finished)
    }

    @Test(arguments: [
        "https://own:8032/", "http://own/", "http://own:8033/", "http://other:8032/", "http://own.:8032/",
        "http://own:8032@other/", "http://x.own:8032/", "http://other\\@own:8032/",
    ])
    func `no other origin receives the key`(_ link: String) throws {
        var route = try route(link)
        #expect(route.receive(FetchResponse(status: 401)) == .finished)
        #expect(!route.carriesKey)
    }

    @Test func `the key is not sent after a redirect to another origin, even back at the own one`() throws {
        var route = try route("/v")
        _ = route.receive(FetchResponse(status: 401))
        #expect(route.receive(redirect("https://cdn.example/v?sig=1")) == .request)
        #expect(!route.carriesKey && route.url.text == "https://cdn.example/v?sig=1")
        #expect(route.receive(redirect("http://own:8032/v")) == .request)
        #expect(route.receive(FetchResponse(status: 401)) == .finished)
        #expect(!route.carriesKey)
    }

    @Test func `a redirect within the own origin is first requested without the key`() throws {
        var route = try route("/v")
        _ = route.receive(FetchResponse(status: 401))
        #expect(route.receive(redirect("files/a b.mp4", 307)) == .request)
        #expect(!route.carriesKey && route.url.text == "http://own:8032/files/a%20b.mp4")
        #expect(route.receive(FetchResponse(status: 401)) == .request)
        #expect(route.carriesKey)
    }

    @Test func `at most five redirects are followed`() throws {
        var route = try route("/v")
        for status in [301, 302, 303, 307, 308] { #expect(route.receive(redirect("/v", status)) == .request) }
        #expect(route.receive(redirect("/v")) == .failed("the result link redirects more than 5 times"))
    }

    @Test(arguments: ["ftp://h/x", "javascript:alert(1)", "file:///etc/passwd", "http://", nil])
    func `a redirect to a link that is neither http nor https fails`(_ location: String?) throws {
        var route = try route("/v")
        guard case .failed = route.receive(redirect(location)) else {
            Issue.record("followed \(location ?? "nothing")")
            return
        }
    }

    @Test(arguments: ["data:video/mp4;base64,AA", "s3://b/k", "ftp://h/x", "javascript:x", "http://"])
    func `a link that is not http or https has no route`(_ link: String) {
        #expect(ResultRoute(link, base: base) == nil)
    }
}
