import FoundationEssentials
import JSONText
import ProcessTestSupport
import Testing

/// The description of the API, judged by programs from PyPI. `make deps` installs them.
@Suite(.timeLimit(.minutes(10))) struct OpenAPITests {
    /// Whether openapi-spec-validator and schemathesis are here.
    static var isInstalled: Bool {
        ["openapi-spec-validator", "schemathesis"].allSatisfy {
            ProjectFolder.isExecutable(PythonPrograms.program($0))
        }
    }

    private static let missing: Comment = "openapi-spec-validator or schemathesis is missing: run 'make deps'"

    /// A run is the same with the same seed. `REELGATE_OPENAPI_SEED` replaces it.
    private static let seed = ProcessInfo.processInfo.environment["REELGATE_OPENAPI_SEED"] ?? "1"

    @Test(.enabled(if: isInstalled, missing)) func `the document is valid, with and without webhooks`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        _ = try fixture.folder.write("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", to: "secret", mode: 0o600)
        for webhooks in [nil, "{allow: [loopback], secret_files: [secret]}"] {
            let gateway = try await fixture.gateway {
                $0.webhooks = webhooks
                $0.store = webhooks == nil ? "data" : "data2"
                $0.archive = "\($0.store)/archive"
            }
            let response = try await Curl.get("\(gateway.url)/openapi.json")
            #expect(response.text.contains(#""callback_url":{"#) == (webhooks != nil))
            #expect(response.text.utf8.count < 128 * 1024)
            let file = try fixture.folder.write(response.text, to: "openapi.json")
            let run = try await Tools.run(PythonPrograms.program("openapi-spec-validator"), [file])
            #expect(run.status == 0, "\(run.text)\(run.errors)")
        }
    }

    @Test(.enabled(if: isInstalled, missing), arguments: ["open", "tokens"])
    func `schemathesis finds nothing`(_ clients: String) async throws {
        let folder = try ScratchFolder()
        let simulator = try RunningProgram(
            Tools.reelgate, ["simulate", "--listen", "127.0.0.1:0", "--task-seconds", "1"],
            environment: Tools.baseEnvironment, folder: folder.path)
        var settings = GatewayYAML(provider: try await simulator.listeningAddress())
        settings.access = "{clients: \(clients)}"
        settings.maxInFlight = 100
        let config = try folder.write(settings.text, to: "reelgate.yaml")
        var environment = Tools.baseEnvironment
        environment["REELGATE_PROVIDER_API_KEY"] = EndToEndFixture.key
        let gateway = try RunningProgram(
            Tools.reelgate, ["serve", "--config", config], environment: environment, folder: folder.path)
        let url = try await gateway.listeningAddress()
        var credentials: [String] = []
        if clients == "tokens" {
            let added = try await Curl.post(
                "http://any/v1/clients", #"{"name":"tester","role":"operator"}"#,
                ["--unix-socket", folder.path + "/data/operator.sock"])
            let token = try #require(try added.json()["token"]?.string, "\(added.text)")
            credentials = ["--header", "Authorization: Bearer \(token)"]
        }
        let run = try await Tools.run(
            PythonPrograms.program("schemathesis"),
            [
                "--config-file", ProjectFolder.file("Tests/OpenAPI/schemathesis.toml"), "run",
                "\(url)/openapi.json",
            ]
                + ["--exclude-path-regex", "/events$", "--checks", "all", "--seed", Self.seed] + credentials,
            environment: [
                "SCHEMATHESIS_HOOKS": ProjectFolder.file("Tests/OpenAPI/hooks.py"),
                "PYTHONDONTWRITEBYTECODE": "1",
            ],
            folder: folder.path)
        #expect(run.status == 0, "seed \(Self.seed): \(run.text)\(run.errors)")
        let generated = run.text.firstMatch(of: #/(\d+) generated/#).flatMap { Int($0.1) }
        #expect(try #require(generated, "\(run.text)") >= 1000)
    }
}
