import Gateway
import GatewayFakes
import HTTPServing
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

/// What the dashboard shows to operators of the gateway itself.
@Suite struct DashboardHealthTests {
    private let api: APIHarness

    init() throws { api = try APIHarness() }

    @Test func `health has readiness, archive and settings`() throws {
        api.settings.shown = { [("archive.keep", "30d")] }
        let health = try #require(try api.ask(.get("/dashboard/health")).json)
        #expect(health["readiness"]?["status"]?.string == "ready")
        #expect(health["archive"]?["bytes"] == 0)
        #expect(health["archive"]?["next"]?.array?.isEmpty == true)
        #expect(health["settings"]?.array == [["key": "archive.keep", "value": "30d"]])
        #expect(health["version"]?.string == api.settings.version)
    }

    @Test func `a gateway that is not ready says why, with 200`() throws {
        api.provider.respond(
            with: .notAccepted(.credentialsRejected, retryAfter: nil, message: "who are you"))
        _ = try api.submit()
        #expect(try api.ask(.get("/readyz?verbose")).status == 503)
        let response = try api.ask(.get("/dashboard/health"))
        #expect(response.status == 200)
        let readiness = response.json?["readiness"]
        #expect(readiness?["status"] == 503)
        #expect(
            readiness?["errors"]?.array?.compactMap { $0["code"]?.string } == [
                "provider_credentials_rejected"
            ])
    }

    @Test func `only an operator may see it`() throws {
        let added = try api.ask(.post("/v1/clients", #"{"name":"ann"}"#))
        let token = try #require(added.json?["token"]?.string)
        api.settings.access = .tokens
        api.settings.unauthorized = UnauthorizedPolicy(sleep: { _ in })
        let ann = ["Authorization": "Bearer \(token)"]
        #expect(try api.ask(.get("/dashboard/health", ann)).code == "forbidden")
        #expect(try api.ask(.get("/dashboard/health")).code == "unauthorized")
    }
}
