import Foundation
import Gateway
import HTTPFetching
import Testing
import TestSupport
import Transport
import VideoJobs

@testable import ArchiveFiles

/// A complete download is never deleted: it is published or quarantined.
@Suite struct QuarantineTests {
    private let folder: TemporaryFolder
    private let link = "https://cdn.example/v.mp4?sig=s3cret"
    private let artifact = ExampleVideo.artifact
    private var root: String { folder.path("a") }
    /// A complete video without its last ten bytes.
    private let cut = Array(ExampleVideo.whole().dropLast(10))
    private let page = Array("<html>please wait</html>".utf8)

    init() throws { folder = try TemporaryFolder() }

    private func quarantined() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + "/aside")) ?? []).sorted()
    }

    private func archive(_ downloads: [UInt8]...) throws -> FileResultArchive {
        try ScriptedDownload(downloads.map { .video($0) }).archive(in: root)
    }

    @Test func `media that fails verification twice with the same bytes is published as unverified`()
        async throws
    {
        let archive = try archive(cut, cut)
        let failure = try #require(await archive.failure(copying: link))
        #expect(failure.kind == .notVideo)
        #expect(failure.message.contains("aside/"))
        #expect(quarantined() == ["\(artifact.task)-0.\(SHA256Digest.hex(of: cut))"])
        #expect(try await archive.content(of: artifact) == nil)

        let result = try await archive.copy(link, as: artifact)
        let expected = ArchivedResult(
            contentType: "video/mp4", bytes: Int64(cut.count), sha256: SHA256Digest.hex(of: cut),
            verified: false)
        #expect(result == expected)
        #expect(try await archive.content(of: artifact)?.bytes == result.bytes)
        #expect(quarantined().isEmpty)
    }

    @Test func `the first download counts after a restart, too`() async throws {
        _ = try await archive(cut).failure(copying: link)
        #expect(try await archive(cut).copy(link, as: artifact).verified == false)
    }

    @Test func `other bytes the second time prove nothing, and a complete video is published`() async throws {
        let other = Array(cut.dropLast())
        let archive = try archive(cut, other, cut, ExampleVideo.whole())
        for _ in 0..<3 { #expect(await archive.failure(copying: link)?.kind == .notVideo) }
        #expect(quarantined() == ["\(artifact.task)-0.\(SHA256Digest.hex(of: cut))"])
        #expect(try await archive.copy(link, as: artifact).verified)
        #expect(quarantined().isEmpty)
    }

    @Test func `a page is quarantined and never published, however often it is received`() async throws {
        let archive = try archive(page, page, page, ExampleVideo.whole())
        for _ in 0..<3 {
            let failure = try #require(await archive.failure(copying: link))
            #expect(
                failure.message.contains("not a known kind of media") && !failure.message.contains("please"))
        }
        #expect(quarantined().count == 1)
        #expect(try await archive.copy(link, as: artifact).contentType == "video/mp4")
    }

    @Test func `an empty response leaves nothing`() async throws {
        #expect(try await archive([]).failure(copying: link)?.message == "the download is empty")
        #expect(quarantined().isEmpty)
    }

    @Test func `an aborted download is not complete and does not count`() async throws {
        let half = ScriptedDownload.Response.failure(.afterSending, after: [cut])
        let archive = try ScriptedDownload([half, half, .video(cut)]).archive(in: root)
        for _ in 0..<3 { #expect(await archive.failure(copying: link) != nil) }
    }

    @Test func `an unverified video that a crash left in the archive is published again`() async throws {
        let first = try archive(cut, cut)
        _ = await first.failure(copying: link)
        let result = try await first.copy(link, as: artifact)
        // The crash came before the store had it.
        #expect(try await archive(cut).copy(link, as: artifact) == result)
    }

    @Test func `a 206 with the whole content is accepted, another is not`() async throws {
        let video = ExampleVideo.whole(), end = video.count - 1
        func response(_ range: String) -> ScriptedDownload.Response {
            let fields = [
                (name: "Content-Range", value: range), (name: "Content-Length", value: "\(video.count)"),
            ]
            return ScriptedDownload.Response(
                pieces: [video], outcome: .completed(FetchResponse(status: 206, fields: fields)))
        }
        let archive = try ScriptedDownload(
            response("bytes 0-\(end)/\(end + 2)"), response("bytes 0-\(end)/\(end + 1)")
        ).archive(in: root)
        #expect(await archive.failure(copying: link)?.kind == .transfer)
        #expect(try await archive.copy(link, as: artifact).verified)
    }

    @Test func `the type of a picture follows from its bytes`() async throws {
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 1, count: 100)
        let cover = ArtifactID(task: artifact.task, index: 1)
        let result = try await archive(jpeg).copy(link, as: cover)
        #expect(result.contentType == "image/jpeg" && result.verified && result.fileIndex == 1)
    }

    @Test func `the quarantine is bounded, and an expired result is removed from it`() async throws {
        let bytes = [UInt8](repeating: 7, count: 40)
        var archive = try ScriptedDownload((0..<4).map { _ in .video(bytes) })
            .archive(in: root, .with(bytesMax: 1_000))
        for second in [3, 1, 4, 2] {
            let artifact = ArtifactID(task: TaskID("task-rg-100\(second)-a"), index: 0)
            #expect(await archive.failure(copying: link, as: artifact) != nil)
        }
        // 100 bytes hold two files; those of the oldest tasks are removed.
        #expect(quarantined().map { String($0.prefix(12)) } == ["task-rg-1002", "task-rg-1004"])
        archive = try ScriptedDownload().archive(in: root)
        try await archive.remove(ArtifactID(task: TaskID("task-rg-1004-a"), index: 0))
        #expect(quarantined().count == 1)
    }
}
