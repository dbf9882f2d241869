import Gateway
import GatewayFakes
import Testing
import VideoJobs

/// The call by which the command `backup` is recorded in the audit.
@Suite struct BackupEndpointTests {
    let api: APIHarness
    private let path = "/v1/backups"

    init() throws { api = try APIHarness() }

    @Test func `a backup is durable in the audit, and the response identifies the store`() throws {
        let before = api.world.store.sequence
        let response = try api.ask(.post(path, #"{"file":"/backups/one.db"}"#))
        #expect(response.status == 200)
        #expect(response.text.contains(#""object":"backup""#))
        #expect(response.text.contains(#""sequence":\#(before + 1)"#), "\(response.text)")
        let audit = try api.ask(.get("/v1/audit"))
        #expect(audit.text.contains(#""action":"backup""#), "\(audit.text)")
        #expect(audit.text.contains("begun, to /backups/one.db"))
    }

    @Test(arguments: ["{}", "[]", #"{"file":7}"#, #"{"file":""}"#, #"{"file":"/a","force":true}"#])
    func `a body that names no file is refused`(_ body: String) throws {
        #expect(try api.ask(.post(path, body)).verdict == "422 invalid_parameters -")
        #expect(try !api.ask(.get("/v1/audit")).text.contains(#""action":"backup","decision":"done""#))
    }
}
