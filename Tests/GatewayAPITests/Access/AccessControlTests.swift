import HTTPServing
import Testing

@testable import GatewayAPI

/// The route of a request, and the requests that access rules reject.
@Suite struct AccessControlTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    @Test func `a forbidden request has no route`() {
        let test = TestRequest.get("/v1/models", ["Host": "evil.example"])
        let disposition = api.handler.handle(test.request.head, test.request.context)
        #expect(disposition.route == nil)
        guard case .respond(let response) = disposition.action else {
            Issue.record("not refused at once")
            return
        }
        #expect(TestResponse(response).verdict == "403 host_not_allowed -")
    }

    @Test(arguments: [
        ("GET", "/v1/tasks/task-1", "/v1/tasks/{id}"), ("GET", "/healthz", "/healthz"),
        ("POST", "/v1/tasks/task-1/adopt", "/v1/tasks/{id}/adopt"),
        ("POST", "/v1/videos/generations", "/v1/videos/generations"),
    ])
    func `the route is the pattern`(_ method: String, _ path: String, _ pattern: String) {
        let test = TestRequest.other(method, path)
        #expect(api.handler.handle(test.request.head, test.request.context).route == pattern)
    }

    @Test func `an address without a route has none`() {
        for test in [TestRequest.get("/nowhere"), .other("DELETE", "/v1/models")] {
            #expect(api.handler.handle(test.request.head, test.request.context).route == nil)
        }
    }
}
