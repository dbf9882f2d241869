import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// SIGHUP under load: no request fails while certificates, catalog and access rules are replaced.
@Suite(.timeLimit(.minutes(4))) struct ReloadUnderLoadTests {
    private static let reloads = 8

    /// Starts a load of one kind, which ends by itself.
    private func load(_ url: String, _ options: [String]) throws -> RunningProgram {
        try RunningProgram(
            "/usr/bin/h2load", options + ["\(url)/v1/models/veo-3.1-text-to-video"],
            environment: Tools.baseEnvironment, folder: "/")
    }

    private static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/h2load")

    @Test(.enabled(if: isInstalled, "h2load is not installed (Debian: nghttp2-client)"))
    func `no request fails over repeated reloads, over TLS, HTTP/2 and HTTP/1.1`() async throws {
        let fixture = try await EndToEndFixture()
        try await SelfSignedCertificate.write(to: fixture.folder.path)
        let gateway = try await fixture.gateway {
            $0.listen = [.init(tls: SelfSignedCertificate.setting)]
            $0.logLevel = "notice"
        }
        let first = try await certificate(of: gateway.url)
        let loads = [
            try load(gateway.url, ["-n", "20000", "-c", "8", "-m", "8", "-t", "1"]),
            try load(gateway.url, ["-n", "10000", "-c", "8", "--h1", "-t", "1"]),
        ]
        let catalog = "models: [{id: veo-3.1-text-to-video, mode: text, title: NUMBER, parameters: []}]"
        for number in 1...Self.reloads {
            try await SelfSignedCertificate.write(to: fixture.folder.path)
            _ = try fixture.folder.write(
                catalog.replacing("NUMBER", with: "T\(number)"), to: "models.yaml")
            _ = try fixture.writeConfiguration {
                $0.listen = [.init(tls: SelfSignedCertificate.setting)]
                $0.logLevel = "notice"
                $0.spend = "{job_usd: \(number)}"
            }
            gateway.program.signal(SIGHUP)
            // The last of what a reload replaces.
            _ = try await gateway.program.line(of: \.errors, containing: "\"job_usd\":\"\(number).00\"")
        }
        for program in loads {
            let report = String(decoding: await program.output.all(), as: UTF8.self)
            #expect(await program.end() == 0)
            #expect(report.contains(" 0 failed, 0 errored, 0 timeout"), "\(report)")
            #expect(report.contains(" 0 3xx, 0 4xx, 0 5xx"), "\(report)")
        }
        #expect(try await certificate(of: gateway.url) != first)
        let model = try await Curl.get("\(gateway.url)/v1/models/veo-3.1-text-to-video", ["-k"]).json()
        #expect(model["title"]?.string == "T\(Self.reloads)")
    }

    /// Returns the serial number of the certificate that a new connection gets.
    private func certificate(of url: String) async throws -> String {
        let address = url.dropFirst("https://".count)
        let command =
            "timeout 30 openssl s_client -connect \(address) < /dev/null | openssl x509 -noout -serial"
        return try await Tools.run("bash", ["-c", command]).text
    }
}
