import HTTPServing
import HTTPWire
import JSONText
import Testing

@testable import Reelgate

/// What the HTTP layer rejects while the gateway still opens its store.
@Suite struct StartupTests {
    @Test(arguments: [(413, "body_too_large"), (501, "not_implemented"), (400, "bad_request")])
    func `an invalid request is rejected during startup, without Retry-After`(
        _ status: Int, _ code: String
    ) throws {
        let handler = StartupHandler(bodyLimit: 64 * 1024)
        let response = handler.reject(
            HTTPError(status: status, code: code, message: "wrong"), RequestContext(requestID: ""))
        #expect(response.status == status)
        #expect(response.fields["Retry-After"] == nil)
        guard case .bytes(let body) = response.body else { preconditionFailure("no body") }
        #expect(try JSONValue(parsing: body)["error"]?["code"]?.string == code)
    }

    @Test(arguments: ["", "10.0.0.7:8031", "evil.example"])
    func `health checks are answered at once, live and not ready, whatever the Host`(_ host: String) {
        let handler = StartupHandler(bodyLimit: 64 * 1024)
        for (path, status) in [("/healthz", 200), ("/readyz", 503)] {
            let head = RequestHead(method: "GET", path: path, authority: host)
            guard case .respond(let response) = handler.handle(head, RequestContext(requestID: "")).action
            else {
                Issue.record("\(path) waits for startup")
                continue
            }
            #expect(response.status == status)
        }
    }
}
