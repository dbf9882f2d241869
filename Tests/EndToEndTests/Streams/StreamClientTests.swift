import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Event streams of the executable, read by curl, through nginx, and by Chromium.
@Suite(.timeLimit(.minutes(5))) struct StreamClientTests {
    private static func isInstalled(_ path: String) -> Bool {
        FileManager.default.isExecutableFile(atPath: path)
    }

    private func curl(_ fixture: EndToEndFixture, _ arguments: [String]) throws -> RunningProgram {
        try RunningProgram(
            "/usr/bin/curl", ["-sSN", "--noproxy", "*", "--max-time", "100"] + arguments,
            environment: Tools.baseEnvironment, folder: fixture.folder.path)
    }

    private func events(_ program: RunningProgram) -> [EventParser.Event] {
        var parser = EventParser()
        parser.receive(program.output.text.utf8)
        return parser.events
    }

    /// Checks that the events show a task from its start to its end.
    private func expectLife(_ events: [EventParser.Event], of id: String) throws {
        let tasks = try events.map { try JSONValue(parsing: Array($0.data.utf8)) }
        #expect(tasks.allSatisfy { $0["id"]?.string == id })
        #expect(tasks.last?["status"]?.string == "completed")
        let versions = events.compactMap { Int($0.id) }
        #expect(versions.count == events.count && versions.count > 2)
        #expect(zip(versions, versions.dropFirst()).allSatisfy { $0 + 1 == $1 })
    }

    @Test(arguments: ["--http1.1", "--http2-prior-knowledge"])
    func `curl shows the life of a task, and ends with it`(_ version: String) async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        let url = "\(gateway.url)/v1/tasks/\(id)/events"
        let stream = try curl(fixture, [version, url])
        _ = try await stream.line(of: \.output, containing: #""state":"running""#)
        try await fixture.advance("3700s")
        #expect(await stream.end() == 0, "\(stream.errors.text)")
        try expectLife(events(stream), of: id)
        let last = try #require(events(stream).last?.id)
        let again = try await Curl.get(url, [version, "-H", "Last-Event-ID: \(last)"])
        #expect(again.status == 204)
    }

    @Test(.enabled(if: isInstalled("/usr/sbin/nginx"), "nginx is missing"))
    func `events pass through nginx with its default settings as they happen`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let folder = fixture.folder.path
        let config = """
            daemon off; pid \(folder)/nginx.pid; error_log stderr; \(getuid() == 0 ? "user root;" : "")
            events {}
            http {
              access_log off;
              client_body_temp_path \(folder)/body; proxy_temp_path \(folder)/proxy;
              fastcgi_temp_path \(folder)/fastcgi; uwsgi_temp_path \(folder)/uwsgi;
              scgi_temp_path \(folder)/scgi;
              server { listen unix:\(folder)/nginx.sock; location / { proxy_pass \(gateway.url); } }
            }
            """
        let path = try fixture.folder.write(config, to: "nginx.conf")
        let nginx = try RunningProgram(
            "/usr/sbin/nginx", ["-p", folder, "-e", "stderr", "-c", path],
            environment: Tools.baseEnvironment, folder: folder)
        while !FileManager.default.fileExists(atPath: "\(folder)/nginx.pid") {
            try Task.checkCancellation()
            await Task.yield()
        }
        let id = try await gateway.accepted()
        let socket = ["--unix-socket", "\(folder)/nginx.sock"]
        let stream = try curl(fixture, socket + ["http://localhost/v1/tasks/\(id)/events"])
        // nginx has no reason to pass this on but the fields of the response.
        _ = try await stream.line(of: \.output, containing: #""state":"running""#)
        try await fixture.advance("3700s")
        #expect(await stream.end() == 0, "\(stream.errors.text)")
        try expectLife(events(stream), of: id)
        nginx.signal(SIGTERM)
        #expect(await nginx.end() == 0)
    }

    @Test(
        .enabled(if: BrowserTests.isInstalled, "Chromium or Playwright is missing: run 'make deps'"))
    func `a page in Chromium follows a task through a restart of the gateway`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        let browser = try RunningProgram(
            PythonPrograms.python, [ProjectFolder.file("Tests/Browser/follow"), gateway.url, id],
            environment: Tools.baseEnvironment, folder: fixture.folder.path)
        _ = try await browser.line(of: \.output, containing: "running")
        gateway.program.signal(SIGKILL)
        _ = await gateway.program.end()
        let address = String(gateway.url.dropFirst("http://".count))
        let second = try fixture.startGateway(
            config: try fixture.writeConfiguration(), ["--listen", address])
        _ = try await second.listeningAddress()
        try await fixture.advance("3700s")
        #expect(await browser.end() == 0, "\(browser.output.text)\(browser.errors.text)")
        second.signal(SIGTERM)
        #expect(await second.end() == 0)
    }
}
