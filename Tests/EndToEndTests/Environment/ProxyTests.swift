import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Machines with a configured proxy.
@Suite(.timeLimit(.minutes(3))) struct ProxyTests {
    /// Variables that name a proxy that never responds.
    private static func environment(_ port: UInt16) -> [String: String] {
        let proxy = "http://user:proxy-secret@127.0.0.1:\(port)"
        return [
            "http_proxy": proxy, "HTTP_PROXY": proxy, "https_proxy": proxy, "HTTPS_PROXY": proxy,
            "all_proxy": proxy, "ALL_PROXY": proxy,
        ]
    }

    private let broken = Self.environment(RawServer.closedPort())

    @Test func `a job on this machine bypasses the proxy`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration()
        let program = try fixture.startGateway(config: config, environment: broken)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        let file = fixture.folder.path + "/video.mp4"
        let waited = try await Tools.run(
            "reelgate", ["tasks", "wait", id, "--gateway", gateway.url, "--output", file], environment: broken
        )
        #expect(waited.status == 0, "\(waited.errors)")
        let port = gateway.url.split(separator: ":").last ?? ""
        for host in ["127.0.0.1", "localhost"] {
            let listed = try await Tools.run(
                "reelgate", ["tasks", "list"],
                environment: broken.merging(["REELGATE_URL": "http://\(host):\(port)"]) { $1 })
            #expect(listed.status == 0, "\(host): \(listed.errors)")
            #expect(listed.lines.count == 1)
        }
    }

    @Test func `the demo bypasses the proxy`() async throws {
        let folder = try ScratchFolder()
        let demo = try await Tools.run(
            "bash", [ProjectFolder.file("Tests/Demo/demo"), Tools.reelgate],
            environment: broken.merging(["DEMO_DIR": folder.path + "/d"]) { $1 }, folder: folder.path)
        #expect(demo.status == 0, "\(demo.errors)\(demo.text)")
        #expect(demo.text.contains("1 job bought"))
    }

    @Test(arguments: ["http", "https"])
    func `an error of a proxied connection names the proxy and a remedy`(_ scheme: String) async throws {
        let listed = try await Tools.run(
            "reelgate", ["tasks", "list", "--gateway", "\(scheme)://gateway.example:8031"],
            environment: broken)
        #expect(listed.status == 3)
        let proxy = try #require(broken["http_proxy"]?.split(separator: "@").last)
        #expect(
            listed.errors.contains("through the proxy \(proxy) (from \(scheme)_proxy)"), "\(listed.errors)")
        #expect(listed.errors.contains("add gateway.example to no_proxy"))
        #expect(!listed.errors.contains("proxy-secret"))
        #expect(!listed.errors.contains("reelgate serve"))
    }

    @Test func `the response of a proxy is not taken for a gateway's`() async throws {
        let proxy = RawServer { connection, _ in
            connection.readRequest()
            connection.respond(503, fields: ["Content-Type: text/html"], "<h1>no route</h1>")
        }
        defer { proxy.stop() }
        for scheme in ["http", "https"] {
            let listed = try await Tools.run(
                "reelgate", ["tasks", "list", "--gateway", "\(scheme)://gateway.example"],
                environment: Self.environment(proxy.port))
            #expect(listed.status == 3)
            #expect(listed.errors.contains("through the proxy 127.0.0.1:\(proxy.port)"), "\(listed.errors)")
            #expect(listed.errors.contains("503"))
        }
    }

    @Test func `a gateway with a broken proxy to its provider logs that`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.provider = "http://provider.example" }
        let program = try fixture.startGateway(config: config, environment: broken)
        let gateway = GatewayUnderTest(program: program, url: try await program.listeningAddress())
        _ = try await gateway.submit(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        let line = try await program.line(of: \.errors, containing: "through the proxy")
        #expect(line.contains("(from http_proxy)"))
        #expect(!program.errors.text.contains("proxy-secret"))
    }
}
