import Foundation
import Gateway
import Testing
import TestSupport
import VideoJobs

@testable import ArchiveFiles

/// The folder of an archive, and other folders in place of it.
@Suite struct ArchiveMarkerTests {
    let folder: TemporaryFolder
    let root: String
    let link = "https://cdn.example/v.mp4"
    let artifact = ExampleVideo.artifact

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path("archive")
    }

    private func open() -> FileResultArchive {
        FileResultArchive(directory: root, settings: .roomy) { request, sink in
            ScriptedDownload(.video(ExampleVideo.whole())).run(request, sink)
        }
    }

    private func kind(_ body: () async throws(ArchiveError) -> Void) async -> ArchiveErrorKind? {
        do throws(ArchiveError) {
            try await body()
            return nil
        } catch { return error.kind }
    }

    private func names() -> [String] { (FileManager.default.subpaths(atPath: root) ?? []).sorted() }

    @Test func `the first use marks the folder, and later ones find the marker`() async throws {
        let first = open()
        let id = try await first.join(recorded: nil, knowing: [])
        #expect(names() == ["archive.id"])
        _ = try await first.copy(link, as: artifact)
        // A new store adopts the marker.
        #expect(try await open().join(recorded: nil, knowing: []) == id)
        #expect(try await open().join(recorded: id, knowing: [artifact]) == id)
    }

    @Test func `an archive without a marker is adopted, an empty folder in place of it is not`() async throws
    {
        let old = open()
        _ = try await old.join(recorded: nil, knowing: [])
        _ = try await old.copy(link, as: artifact)
        try FileManager.default.removeItem(atPath: root + "/archive.id")
        let missing = ArtifactID(task: TaskID("task-rg-1-zzz"), index: 0)
        let id = try await open().join(recorded: nil, knowing: [missing, artifact])
        #expect(id.count == 32)

        try FileManager.default.removeItem(atPath: root)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        let other = open()
        #expect(
            await kind { () throws(ArchiveError) in
                _ = try await other.join(recorded: nil, knowing: [missing, artifact])
            } == .unavailable)
        #expect(
            await kind { () throws(ArchiveError) in _ = try await other.copy(link, as: artifact) }
                == .unavailable)
        #expect(names().isEmpty)
    }

    /// Replaces the folder of the archive.
    private func replaceRoot(by fault: String) throws {
        if fault == "deleted" { return }
        if fault == "a file" { return try "x".write(toFile: root, atomically: false, encoding: .utf8) }
        let files = FileManager.default
        try files.createDirectory(atPath: root, withIntermediateDirectories: false)
        let marker = root + "/archive.id"
        switch fault {
        case "another":
            let other = String(repeating: "0", count: 32)
            try other.write(toFile: marker, atomically: false, encoding: .utf8)
        case "garbage": try "reelgate".write(toFile: marker, atomically: false, encoding: .utf8)
        case "a folder": try files.createDirectory(atPath: marker, withIntermediateDirectories: false)
        default: break
        }
    }

    @Test(arguments: ["emptied", "deleted", "another", "garbage", "a file", "a folder"])
    func `in a folder that is not the archive nothing is written, found or removed`(
        _ fault: String
    ) async throws {
        let archive = open()
        let id = try await archive.join(recorded: nil, knowing: [])
        _ = try await archive.copy(link, as: artifact)
        let aside = folder.path("aside")
        try FileManager.default.moveItem(atPath: root, toPath: aside)
        try replaceRoot(by: fault)
        let before = names()
        let fresh = open()
        for archive in [archive, fresh] {
            let other = ArtifactID(task: TaskID("task-rg-1-new"), index: 0)
            if archive === fresh {
                #expect(
                    await kind { () throws(ArchiveError) in
                        _ = try await archive.join(recorded: id, knowing: [])
                    } == .unavailable)
            }
            #expect(await archive.failure(copying: link, as: other)?.kind == .unavailable)
            #expect(
                await kind { () throws(ArchiveError) in _ = try await archive.content(of: artifact) }
                    == .unavailable)
            #expect(
                await kind { () throws(ArchiveError) in try await archive.remove(artifact) } == .unavailable)
            #expect(await kind { () throws(ArchiveError) in try await archive.check() } == .unavailable)
            await #expect(throws: HighWaterMarkError.self) { try await archive.mark.write(7, storeID: "abc") }
        }
        #expect(names() == before)

        if fault != "deleted" { try FileManager.default.removeItem(atPath: root) }
        try FileManager.default.moveItem(atPath: aside, toPath: root)
        for archive in [archive, fresh] { #expect(try await archive.content(of: artifact) != nil) }
    }

    @Test func `an operator begins an empty archive by writing its id`() async throws {
        let archive = open()
        let id = try await archive.join(recorded: nil, knowing: [])
        try FileManager.default.removeItem(atPath: root)
        let failure = await archive.failure(copying: link)
        #expect(failure?.message.contains("echo \(id) > \(root)/archive.id") == true)
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        try "\(id)\n".write(toFile: root + "/archive.id", atomically: false, encoding: .utf8)
        #expect(try await archive.copy(link, as: artifact).bytes > 0)
    }

    @Test func `a single missing file does not make the archive unavailable`() async throws {
        let archive = open()
        _ = try await archive.join(recorded: nil, knowing: [])
        #expect(try await archive.content(of: artifact) == nil)
        try await archive.check()
    }
}
