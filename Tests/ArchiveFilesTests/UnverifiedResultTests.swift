import Foundation
import Gateway
import HTTPFetching
import Testing
import TestSupport
import Transport
import VideoJobs

@testable import ArchiveFiles

/// What is complete is never thrown away: published, or kept aside.
@Suite struct UnverifiedResultTests {
    private let folder: TemporaryFolder
    private let link = "https://cdn.example/v.mp4?sig=s3cret"
    private let place = ExampleVideo.place
    private var root: String { folder.path("a") }
    /// A whole one without its last ten bytes.
    private let cut = Array(ExampleVideo.whole().dropLast(10))
    private let page = Array("<html>please wait</html>".utf8)

    init() throws { folder = try TemporaryFolder() }

    private func aside() -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + "/aside")) ?? []).sorted()
    }

    private func archive(_ answers: [UInt8]...) throws -> FileResultArchive {
        try ScriptedDownload(answers.map { .video($0) }).archive(in: root)
    }

    @Test func `media that fails verification twice with the same bytes is published, and marked`()
        async throws
    {
        let archive = try archive(cut, cut)
        let failure = try #require(await archive.failure(copying: link))
        #expect(failure.kind == .notVideo)
        #expect(failure.message.contains("kept aside"))
        #expect(aside() == ["\(place.task)-0.\(SHA256Digest.hex(of: cut))"])
        #expect(try await archive.content(of: place) == nil)

        let result = try await archive.copy(link, as: place)
        let expected = ArchivedResult(
            contentType: "video/mp4", bytes: Int64(cut.count), sha256: SHA256Digest.hex(of: cut),
            verified: false)
        #expect(result == expected)
        #expect(try await archive.content(of: place)?.bytes == result.bytes)
        #expect(aside().isEmpty)
    }

    @Test func `the first of both times counts after a restart, too`() async throws {
        _ = try await archive(cut).failure(copying: link)
        #expect(try await archive(cut).copy(link, as: place).verified == false)
    }

    @Test func `other bytes the second time prove nothing, and a whole video wins`() async throws {
        let other = Array(cut.dropLast())
        let archive = try archive(cut, other, cut, ExampleVideo.whole())
        for _ in 0..<3 { #expect(await archive.failure(copying: link)?.kind == .notVideo) }
        #expect(aside() == ["\(place.task)-0.\(SHA256Digest.hex(of: cut))"])
        #expect(try await archive.copy(link, as: place).verified)
        #expect(aside().isEmpty)
    }

    @Test func `a page is kept aside and never published, however often it comes`() async throws {
        let archive = try archive(page, page, page, ExampleVideo.whole())
        for _ in 0..<3 {
            let failure = try #require(await archive.failure(copying: link))
            #expect(failure.message.contains("no media") && !failure.message.contains("please"))
        }
        #expect(aside().count == 1)
        #expect(try await archive.copy(link, as: place).contentType == "video/mp4")
    }

    @Test func `an empty response leaves nothing`() async throws {
        #expect(try await archive([]).failure(copying: link)?.message == "what came is empty")
        #expect(aside().isEmpty)
    }

    @Test func `what broke off is not complete and does not count`() async throws {
        let half = ScriptedDownload.Answer.failure(.afterSending, after: [cut])
        let archive = try ScriptedDownload([half, half, .video(cut)]).archive(in: root)
        for _ in 0..<3 { #expect(await archive.failure(copying: link) != nil) }
    }

    @Test func `a published one that cannot be verified after a crash is published again`() async throws {
        let first = try archive(cut, cut)
        _ = await first.failure(copying: link)
        let result = try await first.copy(link, as: place)
        // The crash came before the store heard of it.
        #expect(try await archive(cut).copy(link, as: place) == result)
    }

    @Test func `a part that is the whole is taken, another is not`() async throws {
        let video = ExampleVideo.whole(), end = video.count - 1
        func answer(_ range: String) -> ScriptedDownload.Answer {
            let fields = [
                (name: "Content-Range", value: range), (name: "Content-Length", value: "\(video.count)"),
            ]
            return ScriptedDownload.Answer(
                pieces: [video], outcome: .answered(FetchResponse(status: 206, fields: fields)))
        }
        let archive = try ScriptedDownload(
            answer("bytes 0-\(end)/\(end + 2)"), answer("bytes 0-\(end)/\(end + 1)")
        ).archive(in: root)
        #expect(await archive.failure(copying: link)?.kind == .transfer)
        #expect(try await archive.copy(link, as: place).verified)
    }

    @Test func `pictures are kept as what their bytes show`() async throws {
        let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0] + Array(repeating: 1, count: 100)
        let cover = ArtifactID(task: place.task, index: 1)
        let result = try await archive(jpeg).copy(link, as: cover)
        #expect(result.contentType == "image/jpeg" && result.verified && result.fileIndex == 1)
    }

    @Test func `what is kept aside is bounded, and goes with its result`() async throws {
        let bytes = [UInt8](repeating: 7, count: 40)
        var archive = try ScriptedDownload((0..<4).map { _ in .video(bytes) })
            .archive(in: root, .with(bytesMax: 1_000))
        for second in [3, 1, 4, 2] {
            let place = ArtifactID(task: TaskID("task-rg-100\(second)-a"), index: 0)
            #expect(await archive.failure(copying: link, as: place) != nil)
        }
        // 100 bytes hold two files; of the others the oldest tasks' go first.
        #expect(aside().map { String($0.prefix(12)) } == ["task-rg-1002", "task-rg-1004"])
        archive = try ScriptedDownload().archive(in: root)
        try await archive.remove(ArtifactID(task: TaskID("task-rg-1004-a"), index: 0))
        #expect(aside().count == 1)
    }
}

@Suite struct MediaTypeTests {
    private static func box(_ type: String) -> [UInt8] { [0, 0, 0, 24] + Array(type.utf8) }
    private static func ebml(_ type: String) -> [UInt8] {
        [0x1A, 0x45, 0xDF, 0xA3, 0x9F, 0x42, 0x82, 0x84] + Array(type.utf8)
    }
    private static let frame: [UInt8] = [0x47] + Array(repeating: 0, count: 187)

    private static let starts: [(bytes: [UInt8], type: String)] = [
        (box("ftypisom"), "video/mp4"), (box("ftypmp42"), "video/mp4"),
        (box("ftypqt  "), "video/quicktime"), (box("moov\0\0\0\0"), "video/quicktime"),
        (box("ftypavif"), "image/avif"), (box("ftypheic"), "image/heic"),
        (ebml("webm"), "video/webm"), (ebml("matroska"), "video/x-matroska"),
        ([0xFF, 0xD8, 0xFF, 0xE0], "image/jpeg"), (Array("GIF89a".utf8), "image/gif"),
        ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], "image/png"),
        (Array("RIFF....WEBPVP8 ".utf8), "image/webp"), (Array("RIFF....AVI LIST".utf8), "video/x-msvideo"),
        (frame + frame + frame, "video/mp2t"),
    ]

    @Test func `media is known by its first bytes`() {
        for start in Self.starts {
            #expect(MediaType(startingWith: start.bytes)?.contentType == start.type)
        }
    }

    @Test(arguments: ["", "<!DOCTYPE html>", "{\"error\":1}", "RIFF....WAVE", "<svg xmlns=", "GIF8", "G"])
    func `anything else is none`(_ start: String) {
        #expect(MediaType(startingWith: Array(start.utf8)) == nil)
    }
}
