import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// The dashboard of the executable, used by Chromium. `make deps` installs what it needs.
@Suite(.timeLimit(.minutes(10))) struct DashboardPageTests {
    /// Whether Chromium, Playwright and axe-core are here.
    static var isInstalled: Bool {
        BrowserTests.isInstalled && PythonPrograms.hasPackage("axe_playwright_python")
    }

    private func startBrowser(_ fixture: EndToEndFixture, _ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(
            PythonPrograms.python, [ProjectFolder.file("Tests/Browser/dashboard")] + arguments,
            environment: Tools.baseEnvironment, folder: fixture.folder.path)
    }

    @Test(
        .enabled(
            if: isInstalled, "Chromium, Playwright or axe-playwright-python is missing: run 'make deps'"))
    func `a person uses every page, also through a restart, and axe-core finds nothing`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let browser = try startBrowser(fixture, [gateway.url, fixture.provider, "open"])
        _ = try await browser.line(of: \.output, containing: "restart")
        gateway.program.signal(SIGKILL)
        _ = await gateway.program.end()
        let second = try fixture.startGateway(
            config: try fixture.writeConfiguration(),
            ["--listen", String(gateway.url.dropFirst("http://".count))])
        _ = try await second.listeningAddress()
        let status = await browser.end()
        #expect(status == 0, "\(browser.output.text)\(browser.errors.text)")
        // The script time of 10,000 tasks.
        print(browser.output.text.split(separator: "\n").filter { $0.contains("10,000") })
        second.signal(SIGTERM)
        #expect(await second.end() == 0)
    }

    @Test(
        .enabled(
            if: isInstalled, "Chromium, Playwright or axe-playwright-python is missing: run 'make deps'"))
    func `with tokens a person signs in, sends a job, and signs out`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let added = try await Curl.post(
            "http://any/v1/clients", #"{"name":"boss","role":"operator"}"#,
            ["--unix-socket", fixture.folder.path + "/data/operator.sock"])
        let token = try #require(try added.json()["token"]?.string, "\(added.text)")
        let browser = try startBrowser(fixture, [gateway.url, fixture.provider, token])
        let status = await browser.end()
        #expect(status == 0, "\(browser.output.text)\(browser.errors.text)")
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
        #expect(!gateway.program.errors.text.contains(token))
    }

    @Test(
        .enabled(
            if: isInstalled, "Chromium, Playwright or axe-playwright-python is missing: run 'make deps'"))
    func `over TLS and HTTP/2 a job goes from the form to the video`() async throws {
        let fixture = try await EndToEndFixture()
        try await SelfSignedCertificate.write(to: fixture.folder.path)
        let config = try fixture.writeConfiguration {
            $0.listen = [.init(tls: SelfSignedCertificate.setting)]
        }
        let gateway = try fixture.startGateway(config: config)
        let url = try await gateway.listeningAddress()
        #expect(url.hasPrefix("https://"))
        let browser = try startBrowser(fixture, [url, fixture.provider, "open", "life_of_a_job"])
        let status = await browser.end()
        #expect(status == 0, "\(browser.output.text)\(browser.errors.text)")
        #expect(browser.output.text.contains("job: "))
        gateway.signal(SIGTERM)
        #expect(await gateway.end() == 0)
    }
}
