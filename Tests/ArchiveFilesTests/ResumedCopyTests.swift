import Foundation
import Gateway
import HTTPFetching
import Testing
import TestSupport
import Transport
import VideoJobs

@testable import ArchiveFiles

/// Interrupted downloads that are continued.
@Suite struct ResumedCopyTests {
    typealias Response = ScriptedDownload.Response

    private let folder: TemporaryFolder
    private let link = "https://cdn.example/v.mp4?sig=1", renewed = "https://cdn.example/v.mp4?sig=2"
    private let artifact = ExampleVideo.artifact
    private let video = ExampleVideo.whole(media: 9_000)
    private var root: String { folder.path("a") }

    init() throws { folder = try TemporaryFolder() }

    private func fields(_ more: [String: String]) -> [(name: String, value: String)] {
        more.map { (name: $0.key, value: $0.value) }
    }

    /// A 200 that is cut after so many bytes.
    private func cut(after count: Int, _ more: [String: String] = ["ETag": "\"one\""]) -> Response {
        var all = more
        all["Content-Length"] = "\(video.count)"
        var response = Response.failure(.afterSending, after: [Array(video.prefix(count))])
        response.head = FetchResponse(status: 200, fields: fields(all))
        return response
    }

    /// A 206 with the rest from an offset, cut before `end` if that is given.
    private func rest(
        from start: Int, to end: Int? = nil, _ more: [String: String] = ["ETag": "\"one\""]
    ) -> Response {
        var all = more
        all["Content-Range"] = all["Content-Range"] ?? "bytes \(start)-\(video.count - 1)/\(video.count)"
        let head = FetchResponse(status: 206, fields: fields(all))
        var response = Response.failure(.afterSending, after: [Array(video[start..<(end ?? video.count)])])
        response.head = head
        if end == nil { response.outcome = .completed(head) }
        return response
    }

    private func whole(_ bytes: [UInt8]? = nil, _ tag: String = "\"two\"") -> Response {
        var response = Response.video(bytes ?? video)
        guard case .completed(var head) = response.outcome else { return response }
        head.fields.append((name: "ETag", value: tag))
        response.outcome = .completed(head)
        return response
    }

    private func range(_ request: FetchRequest) -> String? {
        request.fields.first { $0.name == "Range" }?.value
    }

    /// Returns the ranges that were requested, and the digest of the copy.
    private func copy(_ script: ScriptedDownload, interruptions: Int) async throws -> String {
        let archive = try script.archive(in: root)
        for _ in 0..<interruptions {
            #expect(await archive.failure(copying: link)?.kind == .interrupted)
        }
        return try await archive.copy(renewed, as: artifact).sha256
    }

    private var digest: String { SHA256Digest.hex(of: video) }
    private func strays() -> [String] { ArchivedFiles.paths(in: root).filter { $0.contains(".part") } }

    @Test func `an interrupted copy continues where it was, with a renewed link, again and again`()
        async throws
    {
        let script = ScriptedDownload(cut(after: 4_000), rest(from: 4_000, to: 6_000), rest(from: 6_000))
        #expect(try await copy(script, interruptions: 2) == digest)
        #expect(script.requests.map(range) == [nil, "bytes=4000-", "bytes=6000-"])
        #expect(script.requests.map(\.url) == [link, link, renewed])
        #expect(script.requests[1].fields.contains { $0 == ("If-Range", "\"one\"") })
        #expect(strays().isEmpty)
    }

    @Test func `the error says what was gained and what is missing`() async throws {
        let archive = try ScriptedDownload(cut(after: 4_000)).archive(in: root)
        guard case .interrupted(_, let gained, let missing) = await archive.failure(copying: link) else {
            Issue.record("not interrupted")
            return
        }
        #expect(gained == 4_000)
        #expect(missing == Int64(video.count) - 4_000)
    }

    @Test func `a copy continues after a restart, wherever it was interrupted`() async throws {
        for count in [1, 7, 8, 100, 5_000, video.count - 1] {
            let first = try ScriptedDownload(cut(after: count)).archive(in: root)
            #expect(await first.failure(copying: link)?.kind == .interrupted)
            let script = ScriptedDownload(rest(from: count))
            let next = try script.archive(in: root)
            #expect(try await next.copy(renewed, as: artifact).sha256 == digest, "\(count)")
            #expect(script.requests.map(range) == ["bytes=\(count)-"])
            #expect(strays().isEmpty)
            try await next.remove(artifact)
        }
    }

    @Test func `a copy whose last byte is there needs no request`() async throws {
        let first = try ScriptedDownload(cut(after: video.count)).archive(in: root)
        #expect(await first.failure(copying: link)?.kind == .interrupted)
        let silent = ScriptedDownload()
        #expect(try await silent.archive(in: root).copy(link, as: artifact).sha256 == digest)
        #expect(silent.requests.isEmpty)
    }

    @Test func `bytes that the log does not prove are requested again`() async throws {
        let first = try ScriptedDownload(cut(after: 4_000)).archive(in: root)
        _ = await first.failure(copying: link)
        let path = try #require(strays().first { $0.hasSuffix(".part") })
        let file = try FileHandle(forUpdating: URL(filePath: "\(root)/\(path)"))
        // As after a power failure: the newest bytes are others, and there are too many.
        try file.seek(toOffset: 3_999)
        try file.write(contentsOf: [9, 9, 9, 9])
        try file.close()
        let script = ScriptedDownload(whole())
        #expect(try await script.archive(in: root).copy(link, as: artifact).sha256 == digest)
        #expect(script.requests.map(range) == [nil])
        #expect(strays().isEmpty)
    }

    @Test func `two versions are never joined: the copy begins again at once`() async throws {
        let other = ExampleVideo.whole(media: 5_000)
        let end = video.count - 1
        let refusals: [Response] = [
            rest(from: 4_000, ["ETag": "\"two\""]), rest(from: 4_000, [:]),
            rest(from: 4_000, ["ETag": "W/\"one\""]),
            rest(from: 4_000, ["ETag": "\"one\"", "Content-Encoding": "gzip"]),
            rest(from: 4_000, ["ETag": "\"one\"", "Content-Range": "bytes 4001-\(end)/\(end + 1)"]),
            rest(from: 4_000, ["ETag": "\"one\"", "Content-Range": "bytes 0-\(end)/\(end + 1)"]),
            rest(from: 4_000, ["ETag": "\"one\"", "Content-Range": "bytes 4000-\(end + 1)/\(end + 2)"]),
            rest(from: 4_000, ["ETag": "\"one\"", "Content-Range": "bytes 4000-\(end)/*"]),
            rest(from: 4_000, ["ETag": "\"one\"", "Content-Range": "bytes 4000-4009/\(end + 1)"]),
            rest(from: 4_000, ["ETag": "\"one\"", "Content-Length": "17"]),
            .status(416), .status(400), .status(412), .status(501),
        ]
        for refusal in refusals {
            let script = ScriptedDownload(cut(after: 4_000), refusal, whole(other))
            #expect(try await copy(script, interruptions: 1) == SHA256Digest.hex(of: other))
            #expect(script.requests.map(range) == [nil, "bytes=4000-", nil])
            #expect(strays().isEmpty)
            try FileManager.default.removeItem(atPath: root)
        }
    }

    @Test func `a host that sends the whole again is taken at its word`() async throws {
        let other = ExampleVideo.whole(media: 5_000)
        let script = ScriptedDownload(cut(after: 4_000), whole(other))
        #expect(try await copy(script, interruptions: 1) == SHA256Digest.hex(of: other))
        #expect(script.requests.count == 2)
    }

    @Test func `an empty response to the request for the rest does not complete the copy`() async throws {
        let empty = Response(
            outcome: .completed(FetchResponse(status: 200, fields: fields(["Content-Length": "0"]))))
        let archive = try ScriptedDownload(cut(after: 4_000), empty).archive(in: root)
        #expect(await archive.failure(copying: link)?.kind == .interrupted)
        #expect(await archive.failure(copying: link)?.kind == .notVideo)
    }

    @Test func `a host that cuts each whole response at the same byte makes no progress`() async throws {
        let archive = try ScriptedDownload(cut(after: 4_000), cut(after: 4_000)).archive(in: root)
        #expect(await archive.failure(copying: link)?.kind == .interrupted)
        #expect(await archive.failure(copying: link)?.kind == .transfer)
    }

    @Test(
        arguments: [
            [:], ["ETag": "W/\"one\""], ["ETag": "one"], ["ETag": "\"\""],
            ["ETag": "W/\"one\"", "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"],
            ["ETag": "\"one\"", "Accept-Ranges": "none"], ["ETag": "\"one\"", "Content-Encoding": "gzip"],
            ["Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT"],
            [
                "Last-Modified": "Sun, 06 Nov 1994 08:49:37 GMT", "Date": "Sun, 06 Nov 1994 08:49:37 GMT",
            ],
        ] as [[String: String]])
    func `without a strong validator the copy begins again`(_ head: [String: String]) async throws {
        let script = ScriptedDownload(cut(after: 4_000, head), whole())
        let archive = try script.archive(in: root)
        #expect(await archive.failure(copying: link)?.kind == .transfer)
        #expect(strays().isEmpty)
        #expect(try await archive.copy(link, as: artifact).sha256 == digest)
        #expect(script.requests.map(range) == [nil, nil])
    }

    @Test func `a date that is older than the response is a validator`() async throws {
        let date = "Sun, 06 Nov 1994 08:49:37 GMT"
        let head = ["Last-Modified": date, "Date": "Sun, 06 Nov 1994 08:50:00 GMT"]
        let script = ScriptedDownload(cut(after: 4_000, head), rest(from: 4_000, ["Last-Modified": date]))
        #expect(try await copy(script, interruptions: 1) == digest)
        #expect(script.requests[1].fields.contains { $0 == ("If-Range", date) })
    }

    @Test func `an expired link or an error in between does not lose what was received`() async throws {
        let script = ScriptedDownload(
            cut(after: 4_000), .status(403), .status(503), .failure(.beforeSending), rest(from: 4_000))
        let archive = try script.archive(in: root)
        let kinds: [ArchiveErrorKind] = [.interrupted, .gone, .transfer, .transfer]
        for kind in kinds { #expect(await archive.failure(copying: link)?.kind == kind) }
        // After three attempts without a gain the whole is requested; a 206 then is not what was asked for.
        #expect(await archive.failure(copying: link)?.kind == .transfer)
        #expect(script.requests.map(range).last == .some(nil))
    }

    @Test func `a download that reflected the key is not kept`() async throws {
        var reflected = cut(after: 4_000)
        var error = FetchError(stage: .beforeSending, message: "the download contains the API key")
        error.forbidsKeeping = true
        reflected.outcome = .failed(error)
        let archive = try ScriptedDownload(reflected).archive(in: root)
        #expect(await archive.failure(copying: link)?.kind == .transfer)
        #expect(strays().isEmpty)
    }

    @Test func `the receiver returns the last bytes that it has`() async throws {
        let first = try ScriptedDownload(cut(after: 4_000)).archive(in: root)
        _ = await first.failure(copying: link)
        let artifact = artifact, video = video
        let archive = FileResultArchive(directory: root, settings: .roomy) { _, sink in
            #expect(sink.preceding(10) == Array(video[3_990..<4_000]))
            #expect(sink.preceding(10_000) == Array(video[..<4_000]))
            return .failed(FetchError(stage: .beforeSending, message: "enough"))
        }
        _ = try archive.joinFolder(recorded: nil, knowing: [])
        #expect(await archive.failure(copying: link, as: artifact)?.kind == .transfer)
    }

    @Test func `what is kept is bounded, and that of other tasks is removed`() async throws {
        func other(_ second: Int) -> ArtifactID {
            ArtifactID(task: TaskID("task-rg-100\(second)-a"), index: second)
        }
        let script = ScriptedDownload([3, 1, 4, 2].map { _ in cut(after: 40) })
        var archive = try script.archive(in: root, .with(bytesMax: 1_000))
        for second in [3, 1, 4, 2] {
            #expect(await archive.failure(copying: link, as: other(second)) != nil)
        }
        // 100 bytes hold two files; those of the oldest tasks are removed.
        let kept = strays().filter { $0.hasSuffix(".part") }.map { String($0.dropFirst(3).prefix(12)) }
        #expect(kept.sorted() == ["task-rg-1002", "task-rg-1004"])
        archive = try ScriptedDownload().archive(in: root, .with(bytesMax: 1_000))
        await archive.discardUnfinished(exceptOf: [other(4).task])
        #expect(strays().count == 2)
        await archive.discardUnfinished(of: other(4).task)
        #expect(strays().isEmpty)
    }

    @Test func `a continued download that cannot be verified is quarantined, and published the second time`()
        async throws
    {
        // The example without its last box has the length that the host states.
        let half = Array(video.dropLast(1_000))
        func head(_ status: Int, _ more: [String: String]) -> FetchResponse {
            FetchResponse(status: status, fields: fields(more.merging(["ETag": "\"h\""]) { $1 }))
        }
        var first = Response.failure(.afterSending, after: [Array(half.prefix(3_000))])
        first.head = head(200, ["Content-Length": "\(half.count)"])
        let range = "bytes 3000-\(half.count - 1)/\(half.count)"
        let second = Response(
            pieces: [Array(half[3_000...])], outcome: .completed(head(206, ["Content-Range": range])))
        let archive = try ScriptedDownload([first, second, .video(half)]).archive(in: root)
        #expect(await archive.failure(copying: link)?.kind == .interrupted)
        #expect(await archive.failure(copying: link)?.kind == .notVideo)
        #expect(strays().isEmpty)
        let result = try await archive.copy(link, as: artifact)
        #expect(!result.verified && result.sha256 == SHA256Digest.hex(of: half))
    }

    @Test func `a full disk ends what was received`() async throws {
        var settings = ArchiveSettings.roomy
        settings.bytesMax = 5_000
        let archive = try ScriptedDownload(cut(after: 4_000), rest(from: 4_000)).archive(in: root, settings)
        #expect(await archive.failure(copying: link)?.kind == .interrupted)
        #expect(await archive.failure(copying: link)?.kind == .tooLarge)
        #expect(strays().isEmpty)
    }
}
