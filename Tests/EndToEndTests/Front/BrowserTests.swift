import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// Pages in Chromium: those of other origins buy nothing, those of the gateway do. `make deps` installs it.
@Suite(.timeLimit(.minutes(10))) struct BrowserTests {
    /// Whether Chromium and Playwright are here.
    static var isInstalled: Bool {
        ProjectFolder.isExecutable("/usr/bin/chromium") && PythonPrograms.hasPackage("playwright")
    }

    @Test(
        .enabled(if: isInstalled, "Chromium or Playwright is missing: run 'make deps'"),
        arguments: ["tokens", "open"])
    func `a page of another origin buys nothing, a page of the gateway or of a listed origin does`(
        _ clients: String
    ) async throws {
        let fixture = try await EndToEndFixture()
        try await SelfSignedCertificate.write(to: fixture.folder.path)
        let config = try fixture.writeConfiguration {
            $0.listen = [.init(), .init(tls: SelfSignedCertificate.setting)]
            $0.access = "{clients: \(clients), cors: [\"\(fixture.provider)\"]}"
        }
        let gateway = try fixture.startGateway(config: config)
        let line = try await gateway.line(of: \.output, containing: "listening on ")
        let urls = line.split(separator: " ").map { $0.trimmingCharacters(in: [","]) }
            .filter { $0.contains("://127.0.0.1:") }.prefix(2)
            .map { $0.replacing("127.0.0.1", with: "localhost") }
        try #require(urls.count == 2, "\(line)")
        var tokens = ["open", "none"]
        if clients == "tokens" {
            tokens = []
            for name in ["visitor", "attacker"] {
                let added = try await Curl.post(
                    "http://any/v1/clients", #"{"name":"\#(name)"}"#,
                    ["--unix-socket", fixture.folder.path + "/data/operator.sock"])
                tokens.append(try #require(try added.json()["token"]?.string, "\(added.text)"))
            }
        }
        let run = try await Tools.run(
            PythonPrograms.python,
            [ProjectFolder.file("Tests/Browser/pages")] + urls + [fixture.provider] + tokens)
        #expect(run.status == 0, "\(run.text)\(run.errors)")
        // The attacks reached the gateway.
        gateway.signal(SIGTERM)
        #expect(await gateway.end() == 0)
        let log = gateway.errors.text
        #expect(log.components(separatedBy: #""status":403"#).count > 60, "\(run.text)")
        if clients == "tokens" { #expect(!tokens.contains { log.contains($0) }) }
    }
}
