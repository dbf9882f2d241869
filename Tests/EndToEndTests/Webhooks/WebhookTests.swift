import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Webhooks as receivers and operators see them, with the executable.
@Suite(.timeLimit(.minutes(3))) struct WebhookTests {
    private static let secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"

    /// Starts a gateway that signs webhooks.
    private func gateway(
        _ fixture: EndToEndFixture, allow: String = "[loopback]"
    ) async throws -> GatewayUnderTest {
        _ = try fixture.folder.write(Self.secret + "\n", to: "webhook.secret", mode: 0o600)
        return try await fixture.gateway { $0.webhooks = Self.webhooks(allow) }
    }

    private static func webhooks(_ allow: String) -> String {
        "{allow: \(allow), secret_files: [webhook.secret]}"
    }

    private func job(_ callback: String) -> String {
        GatewayUnderTest.exampleJob.replacing(
            "{\"model\"", with: "{\"callback_url\":\"\(callback)\",\"model\"")
    }

    /// Returns the only delivery of a task once it is in a state, by the command line.
    private func delivery(
        of id: String, _ gateway: GatewayUnderTest, until isWanted: (JSONValue) -> Bool
    ) async throws -> JSONValue {
        while true {
            let shown = try await Tools.run(
                "reelgate", ["tasks", "deliveries", id], environment: ["REELGATE_URL": gateway.url])
            try Task.checkCancellation()
            try #require(shown.status == 0, "\(shown.errors)")
            if let line = shown.lines.last {
                let delivery = try JSONValue(parsing: Array(line.utf8))
                if isWanted(delivery) { return delivery }
            }
        }
    }

    private func attempts(_ delivery: JSONValue) -> [JSONValue?] {
        delivery["attempts"]?.array?.map { $0["status"] } ?? []
    }

    @Test func `a receiver that fails three times gets one success, which standardwebhooks verifies`()
        async throws
    {
        let receiver = RawServer { connection, number in
            while connection.readRequest() != nil {
                // Later than the test takes: each further attempt is one that is ordered.
                let fields = ["Connection: close", "Retry-After: 3600"]
                connection.respond(number < 3 ? 503 : 204, fields: fields)
                return
            }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        let gateway = try await gateway(fixture)
        let url = "\(receiver.origin)/hook?token=callback-token"
        let id = try await gateway.accepted(job(url), ["-H", "traceparent: \(Self.trace)"])
        try await fixture.advance("61m")
        var delivered = try await delivery(of: id, gateway) { !attempts($0).isEmpty }
        while delivered["state"]?.string != "delivered" {
            let again = try await Tools.run(
                "reelgate", ["tasks", "redeliver", id], environment: ["REELGATE_URL": gateway.url])
            try #require(again.status == 0, "\(again.errors)")
            let count = attempts(delivered).count
            delivered = try await delivery(of: id, gateway) { attempts($0).count > count }
        }
        #expect(attempts(delivered) == [503, 503, 503, 204])
        let requests = receiver.requests
        #expect(requests.count == 4)
        #expect(Set(requests.map { field("webhook-id", $0) }) == [delivered["id"]?.string])
        let last = try #require(requests.last)
        #expect(last.target == "/hook?token=callback-token")
        #expect(field("traceparent", last) == Self.trace)
        let event = try await verified(last, fixture.folder)
        #expect(event["type"]?.string == "task.completed")
        #expect(event["data"]?["id"]?.string == id && event["data"]?["status"]?.string == "completed")
        #expect(event["data"]?["results"]?.array?.first?["url"]?.string?.hasPrefix(gateway.url) == true)

        let ledger = try await Curl.get("\(fixture.provider)/_simulator/ledger").text
        #expect(ledger.contains("walking through") && !ledger.contains("callback"))
        let logs = gateway.program.errors.text + gateway.program.output.text
        #expect(!logs.contains("callback-token") && !logs.contains("whsec_"))
        let audit = try await Curl.get("\(gateway.url)/v1/audit")
        #expect(audit.text.contains("\"redeliver\"") && !audit.text.contains("callback-token"))
    }

    @Test func `a redirect to a metadata address is a failure`() async throws {
        let receiver = RawServer { connection, _ in
            while connection.readRequest() != nil {
                connection.respond(302, fields: ["Location: http://169.254.169.254/latest/meta-data/"])
            }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        let gateway = try await gateway(fixture)
        let id = try await gateway.accepted(job(receiver.origin))
        try await fixture.advance("61m")
        let failed = try await delivery(of: id, gateway) { !attempts($0).isEmpty }
        #expect(attempts(failed)[0] == 302)
        #expect(failed["state"]?.string == "pending" && failed["next"]?.integer != nil)
        #expect(receiver.requests.allSatisfy { $0.target == "/" })
    }

    /// Names come from a hosts file in a mount namespace of the gateway's own.
    @Test(.enabled(if: SmallDisk.isPossible, "only root can replace /etc/hosts"))
    func `a name that leads to a metadata address at the delivery gets nothing`() async throws {
        let receiver = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200) }
        }
        defer { receiver.stop() }
        let fixture = try await EndToEndFixture()
        let hosts = try fixture.folder.write("127.0.0.1 localhost hooks.internal\n", to: "hosts")
        _ = try fixture.folder.write(Self.secret, to: "webhook.secret", mode: 0o600)
        let config = try fixture.writeConfiguration {
            $0.webhooks = Self.webhooks("[loopback, other.internal]")
        }
        var environment = Tools.baseEnvironment
        environment["REELGATE_PROVIDER_API_KEY"] = EndToEndFixture.key
        let program = try RunningProgram(
            "unshare",
            [
                "-m", "sh", "-c", "mount --bind \"$1\" /etc/hosts && exec \"$2\" serve --config \"$3\"", "sh",
                hosts, Tools.reelgate, config,
            ], environment: environment, folder: fixture.folder.path)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        let id = try await gateway.accepted(job("http://hooks.internal:\(receiver.port)/"))
        // The file is bound, so it must keep its inode.
        let edited = try await Tools.run(
            "sh", ["-c", "echo 169.254.169.254 hooks.internal > \"$1\"", "sh", hosts])
        try #require(edited.status == 0, "\(edited.errors)")
        try await fixture.advance("61m")
        let failed = try await delivery(of: id, gateway) { !attempts($0).isEmpty }
        #expect(attempts(failed)[0] == .null)
        let reason = failed["attempts"]?.array?.first?["error"]?.string
        #expect(reason?.contains("link-local") == true, "\(reason ?? "no reason")")
        #expect(receiver.connections == 0)
        let refused = try await gateway.submit(job("http://hooks.internal:\(receiver.port)/"))
        #expect(refused.status == 422, "\(refused.text)")
        #expect(try refused.json()["error"]?["code"]?.string == "callback_not_allowed")
    }

    @Test func `a callback to an address that embeds a loopback or link-local one is refused`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await gateway(fixture)
        let addresses = [
            "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "64:ff9b:1::a9fe:a9fe",
            "::127.0.0.1",
            "2002:7f00:1::", "2002:a9fe:a9fe::", "2001:0:808:808:0:0:80ff:fffe",
            "2001:0:808:808:0:0:5601:5601",
        ]
        for address in addresses {
            let response = try await gateway.submit(job("http://[\(address)]:9/hook"))
            #expect(response.status == 422, "\(address)")
            #expect(try response.json()["error"]?["code"] == "callback_not_allowed", "\(address)")
        }
        for address in ["[::1]", "[::ffff:127.0.0.1]"] {
            let response = try await gateway.submit(job("http://\(address):9/hook"))
            #expect(response.status == 200, "\(address): \(response.text)")
        }
        #expect(try await fixture.ledger()["accepted"]?.integer == 2)
    }

    @Test func `another callback under the same key is another job`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await gateway(fixture)
        let key = ["-H", "Idempotency-Key: one"]
        let id = try await gateway.accepted(job("http://127.0.0.1:9/one"), key)
        #expect(try await gateway.accepted(job("http://127.0.0.1:9/one"), key) == id)
        for other in [job("http://127.0.0.1:9/two"), GatewayUnderTest.exampleJob] {
            let response = try await gateway.submit(other, key)
            #expect(response.status == 422)
            #expect(try response.json()["error"]?["code"] == "idempotency_key_reused")
        }
        #expect(try await fixture.ledger()["creates"]?.integer == 1)
    }

    @Test func `without a secret callbacks are refused, and a reload allows them`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let refused = try await gateway.submit(job("http://127.0.0.1:9/"))
        #expect(refused.status == 422)
        #expect(try refused.json()["error"]?["code"]?.string == "callback_not_allowed")
        _ = try fixture.folder.write(Self.secret, to: "webhook.secret", mode: 0o644)
        _ = try fixture.writeConfiguration { $0.webhooks = Self.webhooks("[loopback]") }
        let check = try await Tools.run(
            "reelgate", ["check", "--config", "reelgate.yaml"], folder: fixture.folder.path)
        #expect(check.status == 1 && check.errors.contains("other users can read"), "\(check.errors)")
        gateway.program.signal(SIGHUP)
        _ = try await gateway.program.line(
            of: \.errors, containing: "the configuration cannot be reloaded")
        #expect(try await gateway.submit(job("http://127.0.0.1:9/")).status == 422)
        _ = try fixture.folder.write(Self.secret, to: "webhook.secret", mode: 0o600)
        gateway.program.signal(SIGHUP)
        _ = try await gateway.program.line(
            of: \.errors, containing: "the settings of webhooks are replaced")
        #expect(try await gateway.submit(job("http://127.0.0.1:9/")).status == 200)
        #expect(try await gateway.submit(job("http://10.0.0.1:9/")).status == 422)
        #expect(try await fixture.ledger()["accepted"]?.integer == 1)
    }

    private static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    private func field(_ name: String, _ request: RawRequest) -> String? {
        request.lines.first { $0.lowercased().hasPrefix(name + ": ") }.map {
            String($0.dropFirst(name.count + 2))
        }
    }

    /// Runs the example of the documentation on a request. Returns the event.
    private func verified(_ request: RawRequest, _ folder: ScratchFolder) async throws -> JSONValue {
        let page = try String(
            contentsOf: URL(filePath: ProjectFolder.file("Sources/Reelgate/Reelgate.docc/Webhooks.md")),
            encoding: .utf8)
        let blocks = page.split(separator: "```python\n", maxSplits: 1)
        let code = try #require(blocks.last?.split(separator: "```").first)
        let names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
        let fields = JSONObject(
            names.map { .init($0, .string(field($0, request) ?? "")) })
        let call = """
            import json, sys
            body = open(sys.argv[2], "rb").read()
            headers = json.loads(sys.argv[1])
            print(json.dumps(receive(headers, body)))
            for wrong in [body + b" ", body.replace(b"completed", b"cancelled")]:
                try:
                    receive(headers, wrong)
                except WebhookVerificationError:
                    continue
                sys.exit("a changed body was accepted")
            """
        let body = try folder.write(String(decoding: request.body, as: UTF8.self), to: "body.json")
        _ = try folder.write(Self.secret + "\n", to: "webhook.secret", mode: 0o600)
        let headers = String(decoding: JSONValue.object(fields).serialized(), as: UTF8.self)
        let run = try await Tools.run(
            PythonPrograms.pythonOrSystem, ["-c", code + "\n" + call, headers, body], folder: folder.path)
        try #require(run.status == 0, "\(run.errors)")
        return try run.json()
    }
}
