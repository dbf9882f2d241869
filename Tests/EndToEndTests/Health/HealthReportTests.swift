import HTTPFetching
import Testing

@testable import Reelgate

/// What a health check makes of a response.
@Suite struct HealthReportTests {
    private func report(_ status: Int, _ body: String) throws -> HealthReport {
        let address = try #require(GatewayAddress("http://gateway:8031/"))
        return HealthReport(.completed(FetchResponse(status: status, body: Array(body.utf8))), from: address)
    }

    @Test func `a gateway is ready only if it responds so itself`() throws {
        #expect(try report(200, #"{"status":"ready"}"#) == HealthReport("ready", .done))
        let foreign = HealthReport(
            "not ready: the response of http://gateway:8031 (200) is not a gateway's", .failed)
        for body in ["", "ready", "{}", #"{"status":"ok"}"#, #"["ready"]"#] {
            #expect(try report(200, body) == foreign)
        }
    }

    @Test func `warnings do not fail the check and are named`() throws {
        let body = #"{"status":"ready","warnings":[{"code":"a","message":"one"},{"message":"two"}]}"#
        #expect(
            try report(200, body) == HealthReport("ready, with warnings: one (a); two", .done))
    }

    @Test func `every reason is named on one line`() throws {
        let body = """
            {"detail":"first","error":{"code":"a"},"errors":[{"code":"a","message":"fi\\nrst"},\
            {"code":"b","message":"second"}]}
            """
        #expect(
            try report(503, body)
                == HealthReport("not ready: fi rst (a); second (b)", .failed))
    }

    @Test func `without a list of reasons the detail is the reason`() throws {
        let body = #"{"detail":"the gateway is starting","error":{"code":"starting"}}"#
        #expect(
            try report(503, body)
                == HealthReport("not ready: the gateway is starting (starting)", .failed))
    }

    @Test func `long reasons are cut`() throws {
        let text = String(repeating: "x", count: 5000)
        let line = try report(200, #"{"status":"ready","warnings":[{"message":"\#(text)"}]}"#).line
        #expect(line.count < 1100)
    }

    @Test func `a transfer without a response is unreachable`() throws {
        let address = try #require(GatewayAddress("unix:/run/reelgate.sock"))
        let error = FetchError(stage: .beforeSending, message: "no such file")
        #expect(
            HealthReport(.failed(error), from: address)
                == HealthReport("not reachable: unix:/run/reelgate.sock: no such file", .unreachable))
    }

    @Test(arguments: ["", "unix:", "gateway", "ftp://gateway", "unix:" + String(repeating: "x", count: 108)])
    func `what is neither a URL nor a socket is no address`(_ text: String) {
        #expect(GatewayAddress(text) == nil)
    }
}
