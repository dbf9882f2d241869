import FoundationEssentials
import JSONText
import ProcessTestSupport
import Testing

/// Cross-site protection: a page of another site cannot submit jobs, any other client can.
@Suite(.timeLimit(.minutes(3))) struct AccessTests {
    @Test func `health checks of load balancers and containers get a response`() async throws {
        let fixture = try await EndToEndFixture()
        // Keeps the folder, which is removed with the fixture.
        defer { withExtendedLifetime(fixture) {} }
        let gateway = try await fixture.gateway()
        let checks = [
            "GET /healthz HTTP/1.0\r\n", "GET /readyz HTTP/1.0\r\n", "HEAD /healthz HTTP/1.0\r\n",
            "OPTIONS / HTTP/1.0\r\n", "GET / HTTP/1.0\r\n", "GET /v1/models HTTP/1.0\r\n",
            "OPTIONS / HTTP/1.1\r\nHost: www\r\n",
            "GET / HTTP/1.1\r\nHost: 10.0.3.7:8031\r\nUser-Agent: ELB-HealthChecker/2.0\r\n",
            "GET /healthz HTTP/1.1\r\nHost: pod-7.svc\r\nUser-Agent: kube-probe/1.31\r\n",
            "GET /readyz HTTP/1.1\r\nHost: evil.example\r\nOrigin: https://evil.example\r\n",
            "GET /healthz HTTP/1.1\r\nHost: gateway:8031\r\n",
        ]
        for check in checks {
            let response = try await raw(check, to: gateway)
            let isServed = response.hasPrefix("HTTP/1.1 200 ") || response.hasPrefix("HTTP/1.1 204 ")
            #expect(isServed, "\(check)\(response)")
            if check.hasPrefix("OPTIONS") { #expect(response.contains("Allow: GET, HEAD, OPTIONS")) }
        }
    }

    @Test func `a request for another host is rejected in every version`() async throws {
        let fixture = try await EndToEndFixture()
        // Keeps the folder, which is removed with the fixture.
        defer { withExtendedLifetime(fixture) {} }
        let gateway = try await fixture.gateway()
        for host in ["evil.example", "docker", "localhost.evil.example", "127.0.0.1.evil.example"] {
            for version in ["1.0", "1.1"] {
                let response = try await raw(
                    "GET /v1/tasks HTTP/\(version)\r\nHost: \(host)\r\n", to: gateway
                )
                #expect(response.hasPrefix("HTTP/1.1 403 "), "\(host): \(response)")
            }
        }
        for host in ["localhost:9999", "127.0.0.1", "[::1]:80", "LOCALHOST.", "192.0.2.7:8031"] {
            let response = try await Curl.get("\(gateway.url)/v1/tasks", ["-H", "Host: \(host)"])
            #expect(response.status == 200, "\(host): \(response.text)")
        }
    }

    @Test func `any Host is accepted on a unix-domain socket`() async throws {
        let fixture = try await EndToEndFixture()
        let path = "\(fixture.folder.path)/front.sock"
        let config = try fixture.writeConfiguration { $0.listen = [.init("unix:\(path)")] }
        let gateway = try fixture.startGateway(config: config)
        _ = try await gateway.line(of: \.output, containing: "listening on ")
        for host in ["docker", "localhost", "evil.example"] {
            let response = try await Curl.post(
                "http://\(host)/v1/videos/generations", GatewayUnderTest.exampleJob,
                ["--unix-socket", path, "-H", "Prefer: respond-async"])
            #expect(response.status == 202, "\(host): \(response.text)")
            // A repeated head takes the fast path with the same result.
            let task = try #require(try response.json()["id"]?.string)
            let url = "http://\(host)/v1/tasks/\(task)"
            let again = try await Curl.get(
                url, ["--unix-socket", path, url, url, "-o", "/dev/null", "-o", "/dev/null"])
            #expect(again.status == 200)
        }
    }

    @Test func `a link on another site is followed, and nothing else of that site`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        func fields(_ mode: String, _ destination: String) -> [String] {
            ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: \(mode)", "Sec-Fetch-Dest: \(destination)"]
                .flatMap { ["-H", $0] }
        }
        for path in ["/v1/tasks/\(id)", "/v1/tasks/\(id)/content", "/", "/v1/models"] {
            let clicked = try await Curl.get("\(gateway.url)\(path)", fields("navigate", "document"))
            #expect(clicked.status == (path.hasSuffix("content") ? 409 : 200), "\(clicked.text)")
            for other in [
                ("no-cors", "video"), ("navigate", "iframe"), ("cors", "empty"), ("navigate", "embed"),
            ] {
                let response = try await Curl.get("\(gateway.url)\(path)", fields(other.0, other.1))
                #expect(response.status == 403, "\(other) \(path): \(response.text)")
            }
        }
        for more in [
            fields("navigate", "document"), ["-H", "Origin: null"], ["-H", "Origin: http://localhost:3000"],
            ["-H", "Sec-Fetch-Site: same-site"],
        ] {
            let response = try await gateway.submit(GatewayUnderTest.exampleJob, more)
            #expect(response.status == 403, "\(more): \(response.text)")
        }
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `single-value fields that come twice are 400, and a second Range is ignored`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        for version in ["--http1.1", "--http2-prior-knowledge"] {
            for field in ["Content-Type: text/plain", "Authorization: Bearer a", "Idempotency-Key: b"] {
                let first = ["Authorization: Bearer a", "Idempotency-Key: b"].flatMap { ["-H", $0] }
                let response = try await gateway.submit(
                    GatewayUnderTest.exampleJob, first + ["-H", field, version])
                #expect(response.status == 400, "\(version) \(field): \(response.text)")
                #expect(try response.json()["error"]?["code"]?.string == "bad_request")
            }
            let page = try await Curl.get("\(gateway.url)/v1/models", [version])
            let tag = try #require(page.fields["etag"])
            let again = try await Curl.get(
                "\(gateway.url)/v1/models", [version, "-H", "If-None-Match: \(tag)"])
            #expect(page.status == 200 && again.status == 304 && again.body.isEmpty)
        }
        let coded = try await gateway.submit(
            GatewayUnderTest.exampleJob, ["--http1.1", "-H", "Transfer-Encoding: gzip, chunked"])
        #expect(coded.status == 501)
        #expect(try coded.json()["error"]?["code"]?.string == "not_implemented")
        #expect(try await fixture.ledger()["creates"]?.integer == 0)
    }

    /// Sends the beginning of a request and its end; returns what comes until the connection closes.
    private func raw(_ request: String, to gateway: GatewayUnderTest) async throws -> String {
        let port = gateway.url.split(separator: ":").last ?? ""
        let script = "exec 3<> /dev/tcp/127.0.0.1/\(port); printf '%s' \"$1\" >&3; timeout 30 cat <&3"
        return try await Tools.run("bash", ["-c", script, "raw", request + "Connection: close\r\n\r\n"]).text
    }
}
