import Glibc
import HTTPServing
import HTTPWire
import Testing
import Transport

/// Programs that we did not write.
@Suite struct HTTP2ProgramTests {
    @Test func `curl gets, posts, and fetches files`() async throws {
        let file = try TemporaryFile(Array((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }))
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let curl = "curl -s -m 30 --noproxy '*' --http2-prior-knowledge"
        let url = "http://\(server.addresses[0])"
        let text = try await output(of: "\(curl) \(url)/now -w ' %{http_version} %{http_code}'")
        #expect(String(decoding: text, as: UTF8.self) == "now GET 2 200")
        let body = try await output(of: "\(curl) '\(url)/file?0-3000000'")
        #expect(body == file.bytes)
        let posted = try await output(of: "\(curl) --data-binary 'abc' \(url)/p")
        #expect(String(decoding: posted, as: UTF8.self) == "POST /p 3")
        let large = try await output(
            of: "\(curl) --data-binary @\(file.path) \(url)/five -w %{http_code} -o -")
        #expect(String(decoding: large, as: UTF8.self).hasSuffix("413"))
        let head = try await output(of: "\(curl) -I \(url)/now")
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n").map(String.init)
        #expect(lines.contains("content-length: 8"))
        #expect(lines.contains { $0.hasPrefix("date: ") })
        #expect(lines.contains { $0.hasPrefix("x-request-id: req-") })
    }

    @Test func `nghttp sends bodies with trailers, and many requests at once`() async throws {
        let file = try TemporaryFile([UInt8](repeating: 65, count: 300_000))
        let server = try await HTTPServer.start(ExampleHandler(file: file.path))
        let url = "http://\(server.addresses[0])"
        let posted = try await output(of: "nghttp -t 30 -d \(file.path) --trailer 'x-sum: 1' \(url)/p")
        #expect(String(decoding: posted, as: UTF8.self) == "POST /p 300000")
        let report = try await output(of: "h2load -n 3000 -c 4 -m 64 -t 1 \(url)/now")
        #expect(String(decoding: report, as: UTF8.self).contains("3000 succeeded, 0 failed"))
        let slow = try await output(of: "h2load -n 500 -c 4 -m 32 -w 10 -W 12 -t 1 \(url)/file?0-300000")
        #expect(String(decoding: slow, as: UTF8.self).contains("500 succeeded, 0 failed"))
    }

    @Test func `curl and nghttp read streamed bodies`() async throws {
        let server = try await HTTPServer.start(
            StreamHandler { _ in
                let body = BodyChannel()
                for number in 1...3 { body.send(Array("event \(number)\n".utf8)) }
                body.finish()
                return body
            })
        let url = "http://\(server.addresses[0])/stream"
        for command in ["curl -sN -m 30 --noproxy '*' --http2-prior-knowledge", "nghttp -t 30"] {
            let text = try await output(of: "\(command) \(url)")
            #expect(String(decoding: text, as: UTF8.self) == "event 1\nevent 2\nevent 3\n")
        }
    }
}
