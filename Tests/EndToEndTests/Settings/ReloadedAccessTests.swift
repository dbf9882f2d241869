import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// What SIGHUP replaces in a running gateway: the catalog, access and limits, with the executable.
@Suite(.timeLimit(.minutes(3))) struct ReloadedAccessTests {
    private func reload(_ gateway: GatewayUnderTest, until text: String) async throws -> String {
        gateway.program.signal(SIGHUP)
        return try await gateway.program.line(of: \.errors, containing: text)
    }

    @Test func `a new catalog is in force at once, and accepted jobs stay as they are`() async throws {
        let fixture = try await EndToEndFixture(simulating: ["--model", "omni"])
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        let before = try await Curl.get("\(gateway.url)/v1/models")
        let tag = try #require(before.fields["etag"])
        _ = try fixture.folder.write(
            "models: [{id: omni, mode: any, parameters: [{text: {type: string}}]}]", to: "models.yaml")
        _ = try await reload(gateway, until: "the catalog is replaced")
        let after = try await Curl.get("\(gateway.url)/v1/models", ["-H", "If-None-Match: \(tag)"])
        #expect(after.status == 200 && after.fields["etag"] != tag)
        #expect(try after.json()["data"]?.array?.map { $0["id"]?.string } == ["omni"])
        #expect(try await gateway.submit().status == 422)
        _ = try await gateway.accepted(#"{"model":"omni","text":"x"}"#)
        try await fixture.advance("2h")
        let task = try await gateway.follow(id) { $0["status"] == "completed" }.last
        #expect(task?["model"] == "veo-3.1-reference-to-video")
        #expect(!gateway.program.errors.text.contains("need a restart"))
    }

    @Test func `a file that cannot be used keeps all others from being replaced, and every reason is logged`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        try await SelfSignedCertificate.write(to: fixture.folder.path)
        let tls = GatewayYAML.Listener(tls: SelfSignedCertificate.setting)
        let gateway = try await fixture.gateway { $0.listen = [tls] }
        _ = try fixture.writeConfiguration {
            $0.listen = [GatewayYAML.Listener(tls: "{certificate: a.pem, key: none.key}")]
            $0.spend = "{job_usd: 0.01}"
            $0.webhooks = "{secret_files: [none.secret]}"
            $0.notify = "[{url_file: none.url, template: Slack}]"
            $0.maxInFlight = -1
        }
        _ = try fixture.folder.write("models: [{id: m}]", to: "models.yaml")
        let line = try await reload(gateway, until: "the configuration cannot be reloaded")
        for reason in [
            "reelgate.yaml:3: listen.0.tls.key: none.key cannot be read",
            "provider.max_in_flight: \\\"-1\\\"",
            "models.yaml:1: /models/0: mode is missing",
            "webhooks.secret_files.0: none.secret: there is no such",
            "notify.0.url_file: none.url: there is no such file", "did you mean slack?",
        ] {
            #expect(line.contains(reason), "\(reason) \(line)")
        }
        #expect(!gateway.program.errors.text.contains("are replaced"))
        let checked = try await Tools.run(
            "reelgate", ["check", "--config", "reelgate.yaml"], folder: fixture.folder.path)
        #expect(checked.status == 1 && checked.errors.contains("reelgate: 7 issues"), "\(checked.errors)")
        #expect(try await Curl.get("\(gateway.url)/healthz", ["-k"]).status == 200)
    }

    @Test func `access is closed and opened again without a restart, also for streams that are open`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let stream = try RunningProgram(
            "/usr/bin/curl", ["-sSN", "--noproxy", "*", "\(gateway.url)/v1/events"],
            environment: Tools.baseEnvironment, folder: "/")
        _ = await stream.output.first { $0.contains("event: reset") }
        _ = try fixture.writeConfiguration { $0.access = "{clients: tokens}" }
        _ = try await reload(gateway, until: "access.clients")
        #expect(try await gateway.submit().status == 401)
        #expect(await stream.end() == 0)
        let added = try await Tools.run(
            "reelgate", ["clients", "add", "a", "--config", "reelgate.yaml"], folder: fixture.folder.path)
        #expect(added.status == 0, "\(added.errors)")
        _ = try fixture.writeConfiguration { $0.access = "{clients: open, cors: [\"https://a.example\"]}" }
        _ = try await reload(gateway, until: "access.clients, access.cors")
        let shared = try await Curl.get("\(gateway.url)/v1/models", ["-H", "Origin: https://a.example"])
        #expect(shared.fields["access-control-allow-origin"] == "https://a.example")
        _ = try await gateway.accepted()
    }

    @Test func `access is not opened at an address that other machines can reach until a restart`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway {
            $0.listen = [.init("0.0.0.0:0")]
            $0.access = "{clients: tokens}"
        }
        let url = gateway.url.replacing("0.0.0.0", with: "127.0.0.1")
        _ = try fixture.writeConfiguration { $0.access = "{clients: open}" }
        let line = try await reload(gateway, until: "the configuration cannot be reloaded")
        #expect(line.contains("0.0.0.0:0 can be reached from other machines"), "\(line)")
        #expect(try await Curl.get("\(url)/v1/tasks").status == 401)
    }

    @Test func `limits are replaced for later requests`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let prompt = String(repeating: "a", count: 1500)
        let job = GatewayUnderTest.exampleJob.replacing("A woman walking", with: prompt)
        _ = try await gateway.accepted(job)
        let text = GatewayYAML(provider: fixture.provider).text
        _ = try fixture.folder.write(
            text.replacing(
                "submit_wait: 5s\n", with: "submit_wait: 5s\nlimits: {body: 1KiB, header: 2KiB, streams: 1}\n"
            ),
            to: "reelgate.yaml")
        let line = try await reload(gateway, until: "settings are replaced")
        #expect(line.contains("limits.body, limits.header, limits.streams"), "\(line)")
        #expect(try await gateway.submit(job).status == 413)
        let long = ["-H", "X-Long: \(String(repeating: "a", count: 3000))"]
        #expect(try await Curl.get("\(gateway.url)/v1/models", long).status == 431)
    }
}
