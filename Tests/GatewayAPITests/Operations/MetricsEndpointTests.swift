import HTTPServing
import HTTPWire
import JSONText
import Metrics
import Testing

@testable import GatewayAPI

@Suite struct MetricsEndpointTests {
    private let api: APIHarness

    init() throws {
        api = try APIHarness()
        let family = MetricFamily(.counter, "a_total", "A", .integer(1))
        api.settings.metrics = { MetricsText.text(of: [family], in: $0) }
    }

    @Test(
        arguments: [
            // Prometheus itself.
            """
            application/openmetrics-text;version=1.0.0;q=0.5,\
            application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2
            """,
            "application/openmetrics-text", "text/plain;q=0.5, application/openmetrics-text; version=1.0.0",
            "text/plain;q=0, */*",
        ])
    func `a scraper that prefers OpenMetrics gets it`(_ accept: String) throws {
        let response = try api.ask(.get("/metrics", ["Accept": accept]))
        #expect(response.status == 200)
        #expect(
            response["Content-Type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
        #expect(response.text.hasSuffix("a_total 1\n# EOF\n"))
    }

    @Test(
        arguments: [
            "", "*/*", "text/plain", "text/plain;version=0.0.4, */*;q=0.1", "text/*", "application/json",
            "application/openmetrics-text;q=0.4,text/plain;version=0.0.4;q=0.5",
            "application/openmetrics-text;q=0", "application/openmetrics-text;q=0.1,text/html,*/*;q=0.8",
        ])
    func `any other client gets Prometheus' format`(_ accept: String) throws {
        let response = try api.ask(.get("/metrics", ["Accept": accept]))
        #expect(response.status == 200)
        #expect(response["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8")
        #expect(response["Vary"] == "Accept")
        #expect(response.text == "# HELP a_total A\n# TYPE a_total counter\na_total 1\n")
    }

    @Test func `with tokens only an operator reads metrics, since they contain names and spend`() throws {
        let tokens = try ["ann", "boss"].map { name in
            let role = name == "boss" ? "operator" : "submitter"
            let added = try api.ask(.post("/v1/clients", #"{"name":"\#(name)","role":"\#(role)"}"#))
            return try #require(added.json?["token"]?.string)
        }
        api.settings.access = .tokens
        api.settings.unauthorized = UnauthorizedPolicy(sleep: { _ in })
        let statuses = try tokens.map {
            try api.ask(.get("/metrics", ["Authorization": "Bearer \($0)"])).status
        }
        #expect(statuses == [403, 200])
        #expect(try api.ask(.get("/metrics")).status == 401)
    }

    @Test func `each path has one number, and requests carry it`() throws {
        let list = RouteList(api.services)
        #expect(Set(list.paths).count == list.paths.count)
        #expect(list.paths.count <= RequestCounters.routesMax)
        let handler = api.handler
        for (path, expected) in [
            ("/healthz", "/healthz"), ("/v1/tasks/none", "/v1/tasks/{id}"), ("/v1/clients", "/v1/clients"),
        ] {
            let request = TestRequest.get(path).request
            let disposition = handler.handle(request.head, request.context)
            #expect(disposition.routeNumber == list.number(ofPath: expected))
            #expect(list.paths[disposition.routeNumber - 1] == disposition.route)
        }
        let nowhere = TestRequest.get("/nowhere").request
        #expect(handler.handle(nowhere.head, nowhere.context).routeNumber == 0)
    }

    @Test func `a cached task has the number of its route`() throws {
        let task = try #require(try api.submit().task)
        let request = TestRequest.get("/v1/tasks/\(task)").request
        let disposition = api.handler.handle(request.head, request.context)
        let status = disposition.responseAtOnce?.status
        #expect(status == 200, "the task is not cached")
        #expect(disposition.routeNumber == RouteList(api.services).number(ofPath: "/v1/tasks/{id}"))
    }
}
