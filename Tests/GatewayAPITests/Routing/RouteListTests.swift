import FoundationEssentials
import HTTPServing
import HTTPWire
import JSONText
import Testing

@testable import GatewayAPI

/// The list of routes is the only place that spells an endpoint.
@Suite struct RouteListTests {
    let api: APIHarness

    init() throws { api = try APIHarness() }

    private var list: RouteList { RouteList(api.services) }

    /// A route that the gateway does not have.
    private static let echo = Route(
        method: "PUT", path: "/v1/echo/{id}", link: "echo", summary: "the id",
        parameters: ["shout"],
        handler: .immediate { .json(Array("\"\($0.id)\"".utf8)) })

    @Test func `a new route is served and appears in the index, in Allow and in the table`() async throws {
        let routes = list.routes.filter { $0.link != nil } + [Self.echo]
        let handler = GatewayHandler(api.services, RouteList(routes, api.settings))
        func ask(_ request: TestRequest) async -> TestResponse {
            TestResponse(await handler.behindAccessControl.respond(to: request.request))
        }
        #expect(await ask(.other("PUT", "/v1/echo/7")).text == "\"7\"")
        #expect(await ask(.get("/v1/echo/7"))["Allow"] == "OPTIONS, PUT")
        #expect(await ask(.other("OPTIONS", "/v1/echo/7"))["Allow"] == "OPTIONS, PUT")
        #expect(await ask(.other("OPTIONS", "*"))["Allow"] == "GET, HEAD, OPTIONS, POST, PUT")
        let links = await ask(.get("/")).json?["links"]
        #expect(links?["echo"]?.string == "\(APIHarness.publicURL)/v1/echo/{id}")
        #expect(handler.list.table.contains("| `PUT /v1/echo/{id}` | the id. Query: `shout` |"))
    }

    @Test func `README has the table of clients' calls, and the HTTP API page that of operators' calls`()
        throws
    {
        // This file's folder is four levels below the project's.
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
            .joined(separator: "/")
        for (page, table) in [
            ("README.md", list.table), ("Sources/Reelgate/Reelgate.docc/HTTPAPI.md", list.operatorTable),
        ] {
            let text = try #require(FileManager.default.contents(atPath: "\(root)/\(page)"))
            #expect(String(decoding: text, as: UTF8.self).contains(table), "\(page) should have:\n\(table)")
        }
    }

    @Test func `each link name and each call is listed once`() {
        let links = list.routes.compactMap(\.link)
        #expect(Set(links).count == links.count)
        let calls = list.routes.map { "\($0.method) \($0.path)" }
        #expect(Set(calls).count == calls.count)
    }

    @Test func `health checks are served with every Host, other routes with a known one`() throws {
        for route in list.routes where route.method == "GET" {
            let path = route.path.replacing("{id}", with: "none")
            let status = try api.ask(.get(path, ["Host": "evil.example"])).status
            #expect((status == 403) == (route.access != .healthCheck), "\(path): \(status)")
        }
    }
}
