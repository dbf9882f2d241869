import Gateway
import HTTPServing
import HTTPWire
import JSONText
import Testing

@testable import GatewayAPI

/// The dashboard's page and files over HTTP.
@Suite struct DashboardPagesTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    /// What Chromium sends when an address is opened.
    private static let browser = [
        "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
    ]

    private func paths(of page: TestResponse) -> [String] {
        page.text.split(separator: "\"").filter { $0.hasPrefix("dashboard/") }.map { "/" + $0 }
    }

    @Test(arguments: [
        ("", false), ("*/*", false), ("application/json", false), ("text/html", true), ("text/*", true),
        ("text/html;q=0", false), ("text/html;q=0.5, application/json", false), ("image/png", false),
        ("application/json, text/html", false), ("text/html, application/json;q=0.9", true),
        ("application/json;q=0.2, text/html;q=0.3", true), ("text/html;level=1", true),
    ])
    func `the index is for programs and the dashboard for browsers, by Accept`(
        _ accept: String, _ isPage: Bool
    ) throws {
        for request in [TestRequest.get("/", ["Accept": accept]), .head("/", ["Accept": accept])] {
            let response = try api.ask(request)
            #expect(response.status == 200)
            #expect(response["Vary"] == "Accept")
            #expect(response["Cache-Control"] == "no-cache")
            let type = try #require(response["Content-Type"])
            #expect(type == (isPage ? "text/html; charset=utf-8" : "application/json"))
        }
    }

    @Test func `a browser gets the page with a strict policy`() throws {
        let page = try api.ask(.get("/", Self.browser))
        #expect(page.text.hasPrefix("<!doctype html>"))
        let policy = """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
            media-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; \
            frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'
            """
        for path in ["/"] + paths(of: page) {
            let response = try api.ask(.get(path, Self.browser))
            #expect(response["Content-Security-Policy"] == policy, "\(path)")
            #expect(response["X-Content-Type-Options"] == "nosniff", "\(path)")
            #expect(response["Referrer-Policy"] == "same-origin", "\(path)")
        }
    }

    @Test func `the page is revalidated, and differs from the index`() throws {
        let page = try api.ask(.get("/", Self.browser))
        let tag = try #require(page["ETag"])
        let index = try api.ask(.get("/"))
        #expect(tag.hasPrefix("\"") && tag != index["ETag"])
        let known = Self.browser.merging(["If-None-Match": tag]) { first, _ in first }
        for request in [TestRequest.get("/", known), .head("/", known)] {
            let again = try api.ask(request)
            #expect(again.status == 304 && again.text.isEmpty && again["ETag"] == tag)
            #expect(again["Vary"] == "Accept")
        }
        let other = Self.browser.merging(["If-Match": "\"other\""]) { first, _ in first }
        #expect(try api.ask(.get("/", other)).status == 412)
        // The same tag does not stand for the other representation.
        #expect(try api.ask(.get("/", ["If-None-Match": tag])).status == 200)
    }

    @Test func `files are immutable under the version in their URLs`() throws {
        let paths = paths(of: try api.ask(.get("/", Self.browser)))
        #expect(paths.contains { $0.hasSuffix("/main.js") } && paths.contains { $0.hasSuffix("/style.css") })
        for path in paths {
            let file = try api.ask(.get(path, ["Accept": "*/*"]))
            #expect(file.status == 200 && !file.text.isEmpty, "\(path)")
            #expect(file["Cache-Control"] == "public, max-age=31536000, immutable")
            let tag = try #require(file["ETag"])
            #expect(try api.ask(.get(path, ["If-None-Match": tag])).status == 304)
            #expect(try api.ask(.head(path)).status == 200)
            #expect(try api.ask(.post(path, "{}")).code == "method_not_allowed")
            #expect(api.respondsAtOnce(.get(path)))
        }
        let name = try #require(paths.first { $0.hasSuffix("/main.js") })
        let folder = name.dropLast("main.js".count)
        for path in [
            "/dashboard/files/0000000000000000/main.js", folder + "none.js", folder + "index.html",
            folder + "..%2Fmain.js",
        ] { #expect(try api.ask(.get(String(path))).code == "not_found", "\(path)") }
    }

    @Test func `while clients need tokens, page and files need none and name nobody`() throws {
        let added = try api.ask(.post("/v1/clients", #"{"name":"ann"}"#))
        let token = try #require(added.json?["token"]?.string)
        api.settings.access = .tokens
        api.settings.unauthorized = UnauthorizedPolicy(sleep: { _ in })
        let page = try api.ask(.get("/", Self.browser))
        #expect(page.status == 200)
        for path in paths(of: page) { #expect(try api.ask(.get(path)).status == 200, "\(path)") }
        let nobody = try api.ask(.get("/dashboard/session"))
        #expect(nobody.status == 200 && nobody.json?["access"]?.string == "tokens")
        #expect(nobody.json?["client"] == .null && nobody.json?["operator"] == false)
        let opened = try api.ask(.post("/v1/session", nil, ["Authorization": "Bearer \(token)"]))
        let cookie = try #require(opened["Set-Cookie"]?.split(separator: ";").first)
        let ann = try api.ask(.get("/dashboard/session", ["Cookie": String(cookie)]))
        #expect(ann.json?["client"]?.string == "ann" && ann.json?["operator"] == false)
        let wrong = try api.ask(.get("/dashboard/session", ["Cookie": "reelgate_session=none"]))
        #expect(wrong.status == 200 && wrong.json?["client"] == .null)
    }

    @Test func `while access is open everyone is an operator`() throws {
        let session = try api.ask(.get("/dashboard/session")).json
        #expect(session?["access"]?.string == "open" && session?["client"]?.string == "open")
        #expect(session?["operator"] == true)
    }

    @Test func `pages of other sites cannot use the dashboard`() throws {
        let other = Self.browser.merging(["Host": "evil.example"]) { first, _ in first }
        #expect(try api.ask(.get("/", other)).code == "host_not_allowed")
        #expect(
            try api.ask(.get("/dashboard/session", ["Origin": "https://evil.example"])).code == "cross_site")
    }
}
