import ArchiveFiles
import Foundation
import Gateway
import HTTPFetching
import HTTPServing
import HTTPWire
import Testing
import Transport
import TestSupport
import VideoJobs

/// A host with results of all kinds.
private struct ResultHost: HTTPHandler {
    let video: [UInt8]

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        switch head.path {
        case "/video": .respond(HTTPResponse(status: 200, body: .bytes(video)))
        case "/cut": .respond(cut(after: video.count / 2))
        case "/page":
            .respond(HTTPResponse(status: 200, body: .bytes(Array("<html>expired</html>".utf8))))
        case "/moved": .respond(moved())
        default: .respond(HTTPResponse(status: 404, body: .bytes(Array("gone".utf8))))
        }
    }

    private func cut(after bytes: Int) -> HTTPResponse {
        var response = HTTPResponse(status: 200, body: .bytes(video))
        response.cutAfter = bytes
        return response
    }

    private func moved() -> HTTPResponse {
        var fields = HTTPFields()
        fields.append("Location", "/video")
        return HTTPResponse(status: 302, fields: fields)
    }
}

@Suite struct ArchiveOverHTTPTests {
    @Test func `a complete download is copied, and everything else is an error of its kind`() async throws {
        let folder = try TemporaryFolder()
        let loop = try EventLoop(label: "archive-test")
        let video = try ExampleVideo.real()
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try await HTTPServer.start(
            at: [address], on: [loop], limits: HTTPLimits(), handler: ResultHost(video: video))
        let base = "http://\(server.addresses[0])"
        let fetcher = HTTPFetcher(loop: loop, userAgent: "reelgate-test")
        var settings = ArchiveSettings(bytesMax: Int64(video.count))
        settings.reserve = 0
        let download: FileResultArchive.Download = { await fetcher.download($0, into: $1) }
        let archive = try FileResultArchive.open(
            directory: folder.path("archive"), isFirstUse: true, settings: settings, download: download)
        _ = try await archive.join(recorded: nil, knowing: [])

        let refused: [(String, ArchiveErrorKind)] = [
            ("/cut?k=s3cret", .transfer), ("/page", .notVideo), ("/moved", .transfer), ("/none", .gone),
        ]
        for (path, kind) in refused {
            let failure = try #require(await archive.failure(copying: base + path))
            #expect(failure.kind == kind, "\(path): \(failure)")
            #expect(
                !failure.message.contains("s3cret") && !failure.message.contains("127.0.0.1"), "\(failure)")
        }
        let result = try await archive.copy(base + "/video", as: ExampleVideo.artifact)
        #expect(result.sha256 == SHA256Digest.hex(of: video))
        #expect(try await archive.content(of: ExampleVideo.artifact)?.bytes == Int64(video.count))

        settings.bytesMax -= 1
        let small = try FileResultArchive.open(
            directory: folder.path("small"), isFirstUse: true, settings: settings, download: download)
        _ = try await small.join(recorded: nil, knowing: [])
        #expect(await small.failure(copying: base + "/video")?.kind == .tooLarge)
        await server.drain(within: .zero)
        #expect(await small.failure(copying: base + "/video")?.kind == .transfer)
    }
}
