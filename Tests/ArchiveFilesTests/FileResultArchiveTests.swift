import Foundation
import Gateway
import HTTPFetching
import Testing
import Transport
import TestSupport
import VideoJobs

@testable import ArchiveFiles

@Suite struct FileResultArchiveTests {
    let folder: TemporaryFolder
    let root: String
    let link = "https://cdn.example/v.mp4?signature=s3cret"
    let artifact = ExampleVideo.artifact

    init() throws {
        folder = try TemporaryFolder()
        root = folder.path("deep/archive")
    }

    private func files() -> [String] { ArchivedFiles.paths(in: root) }

    @Test func `a copy has the same bytes and their digest, and only this user can read it`() async throws {
        let video = try ExampleVideo.real()
        let archive = try ScriptedDownload(.video(video)).archive(in: root)
        let result = try await archive.copy(link, as: artifact)
        // Not the type that the response stated.
        let digest = SHA256Digest.hex(of: video)
        let expected = ArchivedResult(
            contentType: "video/mp4", bytes: Int64(video.count), sha256: digest, contentCredentials: false)
        #expect(result == expected)
        guard case .file(let file)? = try await archive.content(of: artifact) else {
            Issue.record("no file")
            return
        }
        #expect(file.bytes == Int64(video.count))
        #expect(try FileReader(fileDescriptor: file.fileDescriptor).read(at: 0, count: 1 << 20) == video)
        #expect(files().count == 1)
        let path = try path(in: archive)
        #expect(try mode(path) == 0o600)
        for path in [folder.path("deep"), root, FileSystem.folder(of: path)] {
            #expect(try mode(path) == 0o700)
        }
    }

    @Test func `a copy that exists after a crash is verified and kept without a download`() async throws {
        let first = try await ScriptedDownload(.video(ExampleVideo.whole())).archive(in: root).copy(
            link, as: artifact)
        let silent = ScriptedDownload()
        let again = try await silent.archive(in: root).copy(link, as: artifact)
        #expect(again == first)
        #expect(silent.requests.isEmpty)
    }

    @Test func `a copy that was damaged since is replaced`() async throws {
        let script = ScriptedDownload(.video(ExampleVideo.whole()), .video(ExampleVideo.whole()))
        let archive = try script.archive(in: root)
        let first = try await archive.copy(link, as: artifact)
        let path = try path(in: archive)
        try Data(ExampleVideo.whole().dropLast(10)).write(to: URL(filePath: path))
        #expect(try await archive.copy(link, as: artifact) == first)
        #expect(script.requests.count == 2)
        #expect(try await archive.content(of: artifact)?.bytes == first.bytes)
    }

    @Test func `incomplete files of a crash are removed at the next start`() async throws {
        let archive = try ScriptedDownload(.video(ExampleVideo.whole())).archive(in: root)
        _ = try await archive.copy(link, as: artifact)
        let path = try path(in: archive)
        for leftover in [
            path + ".abc" + DurableFile.temporarySuffix, root + "/probe.x" + DurableFile.temporarySuffix,
        ] {
            #expect(FileManager.default.createFile(atPath: leftover, contents: Data([1, 2, 3])))
        }
        let next = try ScriptedDownload().archive(in: root)
        // Waits for the removal.
        try await next.check()
        #expect(files().count == 1)
    }

    @Test func `a download shorter or longer than announced is an error and leaves no file`() async throws {
        let video = ExampleVideo.whole()
        for length in [video.count + 1, video.count - 1] {
            let archive = try ScriptedDownload(.video(video, length: length)).archive(in: root)
            #expect(await archive.failure(copying: link)?.kind == .transfer)
            #expect(files().isEmpty)
            #expect(try await archive.content(of: artifact) == nil)
        }
    }

    @Test func `the length of a compressed response is not that of the file`() async throws {
        let fields = [(name: "Content-Length", value: "12"), (name: "Content-Encoding", value: "gzip")]
        let response = FetchResponse(status: 200, fields: fields, contentCoding: "gzip")
        let download = ScriptedDownload.Response(
            pieces: [ExampleVideo.whole()], outcome: .completed(response))
        _ = try await ScriptedDownload(download).archive(in: root).copy(link, as: artifact)
    }

    @Test func `without verification any bytes are published, as octet-stream`() async throws {
        let settings = ArchiveSettings.with(bytesMax: 1 << 20, verify: false)
        let script = ScriptedDownload(.video(Array("<html>".utf8)))
        let result = try await script.archive(in: root, settings).copy(link, as: artifact)
        #expect(result.contentType == "application/octet-stream" && !result.verified)
        #expect(result.bytes == 6)
    }

    @Test(arguments: [
        (403, ArchiveErrorKind.gone), (404, .gone), (410, .gone), (304, .transfer), (206, .transfer),
        (204, .transfer),
        (401, .gone), (500, .transfer), (503, .transfer),
    ])
    func `another status than 200 is an error of its kind`(
        _ status: Int, _ kind: ArchiveErrorKind
    ) async throws {
        let archive = try ScriptedDownload(.status(status)).archive(in: root)
        let failure = try #require(await archive.failure(copying: link))
        #expect(failure.kind == kind)
        #expect(failure.message.contains("\(status)"))
        #expect(files().isEmpty)
    }

    @Test func `an aborted transfer is an error of its kind and leaves no file`() async throws {
        let half = [Array(ExampleVideo.whole().prefix(500))]
        let kinds: [(FetchError.Stage, ArchiveErrorKind)] = [
            (.beforeSending, .transfer), (.afterSending, .transfer), (.cancelled, .transfer),
            (.tooLarge, .tooLarge),
        ]
        for (stage, kind) in kinds {
            let archive = try ScriptedDownload(.failure(stage, after: half)).archive(in: root)
            #expect(await archive.failure(copying: link)?.kind == kind)
            #expect(files().isEmpty)
        }
    }

    @Test func `a video larger than the archive is an error during the download`() async throws {
        let archive = try ScriptedDownload(.video(ExampleVideo.whole(media: 3_000)))
            .archive(in: root, .with(bytesMax: 2_000))
        #expect(await archive.failure(copying: link)?.kind == .tooLarge)
        #expect(files().isEmpty)
    }

    @Test func `the request has no field and no time limit but that of a stall`() async throws {
        let script = ScriptedDownload(.video(ExampleVideo.whole()))
        _ = try await script.archive(in: root).copy(link, as: artifact)
        let request = try #require(script.requests.first)
        #expect(request.method == "GET")
        #expect(request.url == link)
        #expect(request.fields.isEmpty)
        #expect(request.responseLimit == 1 << 30)
        #expect(request.timeout == nil)
        #expect(request.stallTimeout != nil)
    }

    @Test func `no error message has the link`() async throws {
        let downloads: [ScriptedDownload.Response] = [
            .status(404), .status(302), .video([1, 2, 3]), .failure(.afterSending),
        ]
        for download in downloads {
            let message = try #require(
                await ScriptedDownload(download).archive(in: root).failure(copying: link)
            )
            .message
            #expect(!message.contains("cdn.example") && !message.contains("s3cret"), "\(message)")
        }
    }

    @Test(arguments: [
        "../../etc/passwd", "a/b", "", ".", "task rg", "task\u{0}", String(repeating: "a", count: 121),
    ])
    func `an id that could lead out of the folder is refused`(_ name: String) async throws {
        let archive = try ScriptedDownload().archive(in: root)
        let artifact = ArtifactID(task: TaskID(name), index: 0)
        #expect(await archive.failure(copying: link, as: artifact)?.kind == .disk)
        #expect(try await archive.content(of: artifact) == nil)
        try await archive.remove(artifact)
    }

    @Test func `a copy is removed once, and a second removal is no error`() async throws {
        let archive = try ScriptedDownload(.video(ExampleVideo.whole())).archive(in: root)
        _ = try await archive.copy(link, as: artifact)
        try await archive.remove(artifact)
        try await archive.remove(artifact)
        #expect(try await archive.content(of: artifact) == nil)
        #expect(files().isEmpty)
    }

    @Test func `content that is removed while it is open is read to its end`() async throws {
        let video = ExampleVideo.whole()
        let archive = try ScriptedDownload(.video(video)).archive(in: root)
        _ = try await archive.copy(link, as: artifact)
        guard case .file(let file)? = try await archive.content(of: artifact) else {
            Issue.record("no file")
            return
        }
        try await archive.remove(artifact)
        #expect(files().isEmpty)
        #expect(try FileReader(fileDescriptor: file.fileDescriptor).read(at: 0, count: 1 << 20) == video)
    }

    @Test func `an open file is closed when it is released`() async throws {
        let archive = try ScriptedDownload(.video(ExampleVideo.whole())).archive(in: root)
        _ = try await archive.copy(link, as: artifact)
        let path = try path(in: archive)
        let before = openDescriptors(of: path)
        var content = try await archive.content(of: artifact)
        #expect(openDescriptors(of: path) == before + 1)
        content = nil
        #expect(content == nil)
        #expect(openDescriptors(of: path) == before)
    }

    private func path(in archive: FileResultArchive) throws -> String {
        try #require(archive.layout.path(of: artifact))
    }

    /// The number of this process's descriptors of a file.
    private func openDescriptors(of path: String) -> Int {
        let folder = "/proc/self/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\($0)")) == path
        }
    }

    @Test func `two copies of one artifact at the same time both succeed`() async throws {
        let archive = try ScriptedDownload(.video(ExampleVideo.whole()), .video(ExampleVideo.whole()))
            .archive(in: root)
        async let one = archive.copy(link, as: artifact)
        async let other = archive.copy(link, as: artifact)
        #expect(try await one == other)
        #expect(files().count == 1)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }
}
