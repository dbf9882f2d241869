import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// An archive folder that another folder stands in for, under the real program.
@Suite(.timeLimit(.minutes(3))) struct ArchiveMarkerTests {
    private func completed(_ house: EndToEndFixture, _ gateway: GatewayUnderTest) async throws -> String {
        let id = try await gateway.accepted()
        try await house.advance("61m")
        _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        return id
    }

    private func code(_ answer: CurlAnswer) throws -> String {
        "\(answer.status) \(try answer.json()["error"]?["code"]?.string ?? "-")"
    }

    private func files(_ path: String) -> [String] { FileManager.default.subpaths(atPath: path) ?? [] }

    @Test(arguments: ["while it runs", "before a start"], [true, false])
    func `an empty folder in place of the archive is not filled, and nothing has expired`(
        _ time: String, _ isMade: Bool
    ) async throws {
        let house = try await EndToEndFixture()
        var gateway = try await house.gateway()
        let id = try await completed(house, gateway)
        let running = try await gateway.accepted()
        let archive = house.folder.path + "/data/archive"
        if time == "before a start" {
            gateway.program.signal(SIGTERM)
            #expect(await gateway.program.end() == 0)
        }
        try FileManager.default.moveItem(atPath: archive, toPath: archive + ".aside")
        if isMade {
            try FileManager.default.createDirectory(atPath: archive, withIntermediateDirectories: false)
        }
        if time == "before a start" { gateway = try await house.gateway() }

        let answer = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(try code(answer) == "503 archive_unavailable")
        #expect(answer.fields["retry-after"] != nil)
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(try code(readiness) == "503 archive_unavailable")
        #expect(readiness.fields["retry-after"] != nil)
        let line = try await gateway.program.line(of: \.errors, having: "has no marker file archive.id")
        #expect(line.contains("not mounted"))
        try await house.advance("61m")
        _ = try await gateway.follow(running) { $0["gateway"]?["state"]?.string == "archiving" }
        _ = try await gateway.program.line(
            of: \.errors, having: "the video of \(running) waits for the archive")
        #expect(files(archive).isEmpty, "\(files(archive))")

        if isMade { try FileManager.default.removeItem(atPath: archive) }
        try FileManager.default.moveItem(atPath: archive + ".aside", toPath: archive)
        _ = try await gateway.follow(running) { $0["status"]?.string == "completed" }
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
        #expect(gateway.program.errors.text.contains("the archive is available again"))
        for id in [id, running] {
            #expect(try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content").status == 200)
        }
        #expect(try await house.ledger()["accepted"]?.integer == 2)
    }

    @Test func `a video that somebody deleted is unavailable, and not expired`() async throws {
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway()
        let id = try await completed(house, gateway)
        let archive = house.folder.path + "/data/archive"
        let name = try #require(files(archive).first { $0.hasSuffix(".mp4") })
        try FileManager.default.removeItem(atPath: "\(archive)/\(name)")
        let answer = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(try code(answer) == "503 archive_unavailable")
        #expect(answer.fields["retry-after"] != nil)
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(readiness.status == 200, "nothing else is unusable")
        #expect(readiness.text.contains("archive_unavailable") && readiness.text.contains(id))
        _ = try await gateway.program.line(of: \.errors, having: "\(id) is missing")
    }

    @Test func `a video that was cut short is unavailable, and not sent as if it were whole`() async throws {
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway()
        let id = try await completed(house, gateway)
        let archive = house.folder.path + "/data/archive"
        let name = try #require(files(archive).first { $0.hasSuffix(".mp4") })
        try Data("short".utf8).write(to: URL(filePath: "\(archive)/\(name)"))
        let answer = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content")
        #expect(try code(answer) == "503 archive_unavailable")
        #expect(answer.fields["retry-after"] != nil)
        _ = try await gateway.program.line(of: \.errors, having: "\(id) is missing or damaged")
    }

    @Test func `an archive from before markers is adopted and marked`() async throws {
        let house = try await EndToEndFixture()
        let first = try await house.gateway()
        let id = try await completed(house, first)
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)
        let data = house.folder.path + "/data"
        try FileManager.default.removeItem(atPath: data + "/archive/archive.id")
        let edit = try await Tools.run("sqlite3", [data + "/reelgate.db", "UPDATE store SET archive = NULL"])
        try #require(edit.status == 0, "\(edit.errors)")

        let second = try await house.gateway()
        #expect(try await Curl.get("\(second.url)/readyz").status == 200)
        #expect(try await Curl.get("\(second.url)/v1/tasks/\(id)/content").status == 200)
        #expect(FileManager.default.fileExists(atPath: data + "/archive/archive.id"))
    }
}
