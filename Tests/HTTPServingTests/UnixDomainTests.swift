import HTTPServing
import Testing
import Transport

/// Connections over a unix-domain socket.
@Suite struct UnixDomainTests {
    @Test func `curl speaks with a unix-domain socket, and sees files and ranges whole`() async throws {
        let file = try TemporaryFile(Array((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }))
        let path = "/tmp/reelgate-\(Entropy.randomNumber()).sock"
        let server = try await HTTPServer.start(
            at: [.unix(path: path)], on: [loop], limits: HTTPLimits(),
            handler: ExampleHandler(file: file.path))
        #expect(server.addresses == [.unix(path: path)])
        let text = try await curl("--unix-socket \(path) http://h/now")
        #expect(text == Array("now GET".utf8))
        let body = try await curl("--unix-socket \(path) http://h/file?0-3000000")
        #expect(body == file.bytes)
        let posted = try await curl(
            "--unix-socket \(path) --data-binary @\(file.path) http://h/five -w %{http_code} -o -")
        #expect(String(decoding: posted, as: UTF8.self).hasSuffix("413"))
        await server.drain(within: .seconds(1))
        #expect(try FileSystem.size(of: path) == nil)
    }

    private func curl(_ arguments: String) async throws -> [UInt8] {
        try await output(of: "curl -s -m 30 --noproxy '*' \(arguments)")
    }
}
