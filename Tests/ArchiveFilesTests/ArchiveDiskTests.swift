import Foundation
import Gateway
import Testing
import TestSupport
import VideoJobs

@testable import ArchiveFiles

@Suite struct ArchiveDiskTests {
    let folder: TemporaryFolder
    let link = "http://127.0.0.1:1/v.mp4"

    init() throws { folder = try TemporaryFolder() }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a file system needs root"))
    func `a full disk is a disk error, and leaves no file`() async throws {
        let disk = try SmallDisk(megabytes: 2, in: folder)
        let large = ExampleVideo.whole(media: 4 << 20)
        let small = ExampleVideo.whole()
        let archive = try ScriptedDownload(.video(large, piece: 65_536), .video(small)).archive(
            in: disk.path("a"))
        #expect(await archive.failure(copying: link)?.kind == .disk)
        #expect(ArchivedFiles.paths(in: disk.path("a")).isEmpty)
        #expect(try await archive.copy(link, as: ExampleVideo.artifact).bytes == small.count)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "mounting a file system needs root"))
    func `an archive that cannot be written is an error at the start`() async throws {
        let disk = try SmallDisk(megabytes: 1, in: folder)
        try disk.remount("ro")
        #expect(throws: ArchiveError.self) { try ScriptedDownload().archive(in: disk.path("a")) }
        #expect(throws: ArchiveError.self) { try ScriptedDownload().archive(in: disk.path("")) }
    }

    @Test func `space is reserved on the disk, before a copy and during it`() async throws {
        let greedy = ArchiveSettings.with(bytesMax: 1 << 40, reserve: 1 << 60)
        let script = ScriptedDownload()
        let archive = try script.archive(in: folder.path("a"), greedy)
        #expect(await archive.failure(copying: link)?.kind == .disk)
        #expect(script.requests.isEmpty)

        let copy = try IncomingArtifact(to: folder.path("a/v.mp4"), root: folder.path("a"), settings: greedy)
        try copy.append(ExampleVideo.box("ftyp"))
        #expect(throws: ArchiveError.self) {
            try copy.append(ExampleVideo.box("moov", Array(repeating: 0, count: 8 << 20)))
        }
    }
}
