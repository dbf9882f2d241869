import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// The replacement of the provider's key on SIGHUP, with the executable.
@Suite(.timeLimit(.minutes(2))) struct KeyReplacementTests {
    private struct Installation {
        let fixture: EndToEndFixture
        let gateway: GatewayUnderTest

        /// Starts a gateway whose key is in a file.
        init(_ name: String = "provider.key", credentials: String? = nil) async throws {
            fixture = try await EndToEndFixture()
            let path = try fixture.folder.write("first-key-1111\n", to: name, mode: 0o600)
            let config = try fixture.writeConfiguration { $0.apiKeyFile = credentials == nil ? path : nil }
            let folder = fixture.folder.path
            let program = try fixture.startGateway(
                config: config,
                environment: credentials.map { ["CREDENTIALS_DIRECTORY": "\(folder)/\($0)"] } ?? [:],
                key: nil)
            gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        }

        func reload(until message: String) async throws -> String {
            gateway.program.signal(SIGHUP)
            return try await gateway.program.line(of: \.errors, containing: message)
        }

        /// Returns the last four characters of the key of the last create.
        func sentKey() async throws -> String? {
            try await fixture.ledger()["entries"]?.array?.last?["key"]?.string
        }
    }

    @Test(arguments: [("provider.key", nil), ("credentials/provider_api_key", "credentials")])
    func `the next create after SIGHUP uses the new key of a file or credential`(
        _ name: String, _ credentials: String?
    ) async throws {
        let installation = try await Installation(name, credentials: credentials)
        _ = try await installation.gateway.accepted()
        #expect(try await installation.sentKey() == "1111")
        _ = try installation.fixture.folder.write("second-key-2222\n", to: name, mode: 0o600)
        _ = try await installation.gateway.accepted()
        #expect(try await installation.sentKey() == "1111")
        _ = try await installation.reload(until: "the provider's key is replaced")
        _ = try await installation.gateway.accepted()
        #expect(try await installation.sentKey() == "2222")
    }

    @Test func `a new key ends the pause of submissions at once`() async throws {
        let installation = try await Installation()
        let rejection = #"[{"match":{"kind":"create"},"do":{"status":401,"retry_after":3600}}]"#
        try await installation.fixture.script(rejection)
        let response = try await installation.gateway.submit()
        #expect(response.status == 503 && response.text.contains("provider_credentials_rejected"))
        let waiting = try await installation.gateway.submit()
        let ids = try [response, waiting].map { response in
            try #require(try response.json()["task_id"]?.string, "\(response.text)")
        }
        try await installation.fixture.script("[]")
        _ = try installation.fixture.folder.write("second-key-2222\n", to: "provider.key", mode: 0o600)
        _ = try await installation.reload(until: "the provider's key is replaced")
        for id in ids {
            _ = try await installation.gateway.follow(id) { $0["gateway"]?["state"] == "running" }
        }
        #expect(try await installation.sentKey() == "2222")
        #expect(try await Curl.get(installation.gateway.url + "/readyz").status == 200)
    }

    @Test func `a key file that cannot be used changes nothing, and the log has the reason`() async throws {
        let installation = try await Installation()
        let folder = installation.fixture.folder
        _ = try folder.write("leaked-key-3333\n", to: "provider.key", mode: 0o644)
        let open = try await installation.reload(until: "other users can read it (mode 644)")
        _ = try folder.write("\n", to: "provider.key", mode: 0o600)
        let empty = try await installation.reload(until: "The provider's key is empty")
        _ = try folder.write("two words-4444\n", to: "provider.key", mode: 0o600)
        let invalid = try await installation.reload(until: "contains a space")
        for line in [open, empty, invalid] {
            #expect(line.contains("the configuration cannot be reloaded; the current settings are kept"))
            #expect(!line.contains("leaked-key") && !line.contains("two words"))
        }
        _ = try await installation.gateway.accepted()
        #expect(try await installation.sentKey() == "1111")
        _ = try folder.write("first-key-1111", to: "provider.key", mode: 0o600)
        _ = try await installation.reload(until: "the provider's key is unchanged")
    }

    @Test func `a key from the environment is kept, which is no failure`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        gateway.program.signal(SIGHUP)
        let line = try await gateway.program.line(
            of: \.errors, containing: "the provider's key is kept; a restart replaces it")
        #expect(line.contains("\"level\":\"info\"") && line.contains("REELGATE_PROVIDER_API_KEY"))
    }
}
