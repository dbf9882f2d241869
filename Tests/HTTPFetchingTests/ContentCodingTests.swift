import Foundation
import HTTPFetching
import ProcessTestSupport
import Synchronization
import TestSupport
import Testing

/// Responses with content codings: what is requested, what is decoded, and the limits.
@Suite struct ContentCodingTests {
    private static let text = #"{"id":"task-1","status":"pending"}"#

    /// The text in each coding, as written by zlib and zstd.
    private static let coded = [
        "gzip":
            "H4sIAAAAAAACA6tWykxRslIqSSzO1jVU0lEqLkksKS0GihSk5qVk5qUr1QIAV+o3siIAAAA=",
        "x-gzip":
            "H4sIAAAAAAACA6tWykxRslIqSSzO1jVU0lEqLkksKS0GihSk5qVk5qUr1QIAV+o3siIAAAA=",
        "GZIP":
            "H4sIAAAAAAACA6tWykxRslIqSSzO1jVU0lEqLkksKS0GihSk5qVk5qUr1QIAV+o3siIAAAA=",
        "deflate": "eJyrVspMUbJSKkksztY1VNJRKi5JLCktBooUpOalZOalK9UCALkwCxA=",
        // Without zlib's wrapper, as some old servers send it.
        " deflate": "q1bKTFGyUipJLM7WNVTSUSouSSwpLQaKFKTmpWTmpSvVAgA=",
        "gzip, gzip":
            "H4sIAAAAAAACA5Pv5mAAASbm1WGnfAI3BWl56py7ZhpyKVBLz1NHU5etS2TJs6Upz5ZqX2ViCH9lvkkJqBgA"
            + "zpu74jUAAAA=",
        "zstd": "KLUv/QRYEQEAeyJpZCI6InRhc2stMSIsInN0YXR1cyI6InBlbmRpbmcifRlPrbw=",
    ]

    private static func bytes(_ coding: String) -> [UInt8] {
        Array(Data(base64Encoded: coded[coding] ?? "") ?? Data())
    }

    private static func server(_ fields: [String], _ body: [UInt8]) -> RawServer {
        RawServer { connection, _ in
            while connection.readRequest() != nil {
                let lines = ["HTTP/1.1 200 OK", "Content-Length: \(body.count)"] + fields
                connection.write(lines.joined(separator: "\r\n") + "\r\n\r\n")
                connection.write(body)
            }
        }
    }

    @Test(arguments: Array(coded.keys))
    func `a coding is decoded, requested or not`(_ coding: String) async throws {
        let server = Self.server(["Content-Encoding: \(coding)"], Self.bytes(coding))
        defer { server.stop() }
        for preference in [ContentCodingPreference.readable, .identity] {
            var request = FetchRequest.paid(server)
            request.contentCoding = preference
            let response = try #require(await makeFetcher().fetch(request).response)
            #expect(response.text == Self.text)
            #expect(
                response.contentCoding == coding.lowercased().trimmingCharacters(in: .whitespaces))
        }
    }

    @Test func `a request names the supported codings`() async throws {
        let server = Self.server([], [])
        defer { server.stop() }
        let asked: [(ContentCodingPreference, String)] = [
            (.readable, "Accept-Encoding: deflate, gzip"), (.identity, "Accept-Encoding: identity"),
            (.undecoded, "Accept-Encoding: identity"),
        ]
        for (preference, line) in asked {
            var request = FetchRequest.get(server)
            request.contentCoding = preference
            _ = await makeFetcher().fetch(request)
            let lines = try #require(server.requests.last?.lines)
            #expect(lines.count { $0.hasPrefix(line) } == 1, "\(lines)")
        }
    }

    @Test(arguments: [
        "utf-8", "aws-chunked", "identity", "none", "application/json", "", "snappy", "gzip, foo",
    ])
    func `an unsupported coding leaves the bytes unchanged`(_ coding: String) async throws {
        let server = Self.server(["Content-Encoding: \(coding)"], Array(Self.text.utf8))
        defer { server.stop() }
        let fetcher = makeFetcher()
        // Twice: settings for one response must not affect the next request on the same handle.
        for _ in 0..<2 {
            let response = try #require(await fetcher.fetch(.paid(server)).response)
            #expect(response.text == Self.text)
            #expect(response.contentCoding == nil)
        }
        let other = Self.server(["Content-Encoding: gzip"], Self.bytes("gzip"))
        defer { other.stop() }
        #expect(await fetcher.fetch(.paid(other)).response?.text == Self.text)
    }

    @Test func `a wrong Content-Encoding is a distinct failure, and decoding can be disabled`()
        async throws
    {
        let server = Self.server(["Content-Encoding: gzip"], Array(Self.text.utf8))
        defer { server.stop() }
        let fetcher = makeFetcher()
        let failure = try #require(await fetcher.fetch(.get(server)).failure)
        #expect(failure.isUndecodable && failure.status == 200 && failure.stage == .afterSending)
        var request = FetchRequest.get(server)
        request.contentCoding = .undecoded
        #expect(await fetcher.fetch(request).response?.text == Self.text)
    }

    @Test func `the limit of a response counts decoded bytes`() async throws {
        let server = Self.server(["Content-Encoding: gzip"], try await Self.zeroes())
        defer { server.stop() }
        let failure = try #require(await makeFetcher().fetch(.get(server)).failure)
        #expect(failure.stage == .tooLarge)
        var request = FetchRequest.get(server)
        request.responseLimit = 8 << 20
        #expect(await makeFetcher().fetch(request).response?.body.count == 8 << 20)
    }

    @Test func `a download is decoded piece by piece`() async throws {
        let server = Self.server(["Content-Encoding: gzip"], try await Self.zeroes())
        defer { server.stop() }
        var request = FetchRequest.get(server)
        request.contentCoding = .identity
        request.responseLimit = 1 << 30
        let received = Mutex(0)
        let outcome = await makeFetcher().download(request) { piece in received.withLock { $0 += piece.count }
        }
        #expect(outcome.response?.contentCoding == "gzip")
        #expect(received.withLock { $0 } == 8 << 20)
    }

    @Test func `a transfer coding is decoded as well`() async throws {
        let gzip = Self.bytes("gzip")
        let server = RawServer { connection, _ in
            connection.readRequest()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n")
            connection.write(String(gzip.count, radix: 16) + "\r\n")
            connection.write(gzip)
            connection.write("\r\n0\r\n\r\n")
        }
        defer { server.stop() }
        #expect(await makeFetcher().fetch(.paid(server)).response?.text == Self.text)
    }

    /// Returns 8 MiB of zeroes as one gzip member of about 8 kB.
    private static func zeroes() async throws -> [UInt8] {
        let program = try await Tools.run("sh", ["-c", "head -c 8388608 /dev/zero | gzip -n"])
        try #require(program.status == 0)
        return program.output
    }
}
