import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// An archive folder that is replaced while the gateway runs.
@Suite(.timeLimit(.minutes(3))) struct ReplacedArchiveTests {
    private func completed(_ fixture: EndToEndFixture, _ gateway: GatewayUnderTest) async throws -> String {
        let id = try await gateway.accepted()
        try await fixture.advance("61m")
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        return id
    }

    private func code(_ response: CurlResponse) throws -> String {
        "\(response.status) \(try response.json()["error"]?["code"]?.string ?? "-")"
    }

    private func files(_ path: String) -> [String] { FileManager.default.subpaths(atPath: path) ?? [] }

    @Test(arguments: ["while it runs", "before a start"], [true, false])
    func `an empty folder in place of the archive is not filled, and nothing has expired`(
        _ time: String, _ isMade: Bool
    ) async throws {
        let fixture = try await EndToEndFixture()
        var gateway = try await fixture.gateway()
        let id = try await completed(fixture, gateway)
        let running = try await gateway.accepted()
        let archive = fixture.folder.path + "/data/archive"
        if time == "before a start" {
            gateway.program.signal(SIGTERM)
            #expect(await gateway.program.end() == 0)
        }
        try FileManager.default.moveItem(atPath: archive, toPath: archive + ".aside")
        if isMade {
            try FileManager.default.createDirectory(atPath: archive, withIntermediateDirectories: false)
        }
        if time == "before a start" { gateway = try await fixture.gateway() }

        let response = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(try code(response) == "503 archive_unavailable")
        #expect(response.fields["retry-after"] != nil)
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(try code(readiness) == "503 archive_unavailable")
        #expect(readiness.fields["retry-after"] != nil)
        let line = try await gateway.program.line(of: \.errors, containing: "has no marker file archive.id")
        #expect(line.contains("not mounted"))
        try await fixture.advance("61m")
        _ = try await gateway.follow(running) { $0["gateway"]?["state"]?.string == "archiving" }
        let waiting = try await gateway.program.line(
            of: \.errors, containing: "a video waits for the archive")
        #expect(waiting.contains(running))
        #expect(files(archive).isEmpty, "\(files(archive))")

        if isMade { try FileManager.default.removeItem(atPath: archive) }
        try FileManager.default.moveItem(atPath: archive + ".aside", toPath: archive)
        _ = try await gateway.follow(running) { $0["status"]?.string == "completed" }
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
        _ = try await gateway.program.line(of: \.errors, containing: "the archive is available again")
        for id in [id, running] {
            #expect(try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content").status == 200)
        }
        #expect(try await fixture.ledger()["accepted"]?.integer == 2)
    }

    @Test func `a deleted video is unavailable, not expired`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await completed(fixture, gateway)
        let archive = fixture.folder.path + "/data/archive"
        let name = try #require(files(archive).first { $0.hasSuffix(".mp4") })
        try FileManager.default.removeItem(atPath: "\(archive)/\(name)")
        let response = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(try code(response) == "503 archive_unavailable")
        #expect(response.fields["retry-after"] != nil)
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(readiness.status == 200, "nothing else is unusable")
        #expect(readiness.text.contains("archive_unavailable") && readiness.text.contains(id))
        let line = try await gateway.program.line(of: \.errors, containing: "is missing or damaged")
        #expect(line.contains(id))
    }

    @Test func `a truncated video is unavailable`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await completed(fixture, gateway)
        let archive = fixture.folder.path + "/data/archive"
        let name = try #require(files(archive).first { $0.hasSuffix(".mp4") })
        try Data("short".utf8).write(to: URL(filePath: "\(archive)/\(name)"))
        let response = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(try code(response) == "503 archive_unavailable")
        #expect(response.fields["retry-after"] != nil)
        let line = try await gateway.program.line(of: \.errors, containing: "is missing or damaged")
        #expect(line.contains(id))
    }

    @Test func `an archive from before markers is adopted and marked`() async throws {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let id = try await completed(fixture, first)
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)
        let data = fixture.folder.path + "/data"
        try FileManager.default.removeItem(atPath: data + "/archive/archive.id")
        let edit = try await Tools.run("sqlite3", [data + "/reelgate.db", "UPDATE store SET archive = NULL"])
        try #require(edit.status == 0, "\(edit.errors)")

        let second = try await fixture.gateway()
        #expect(try await Curl.get("\(second.url)/readyz").status == 200)
        #expect(try await Curl.get("\(second.url)/v1/tasks/\(id)/content").status == 200)
        #expect(FileManager.default.fileExists(atPath: data + "/archive/archive.id"))
    }
}
