import TestSupport
import Testing

@testable import HTTP2Wire

/// Answers before the end of their requests.
@Suite struct EarlyResponseTests {
    @Test func `early responses to endless bodies are not abuse`() {
        let server = WireServer { $0.drainTimeout = 1000 }
        server.isSilent = true
        server.open()
        for round: UInt32 in 0..<10 {
            let streams = (0..<100).map { (round * 100 + $0) * 2 + 1 }
            for stream in streams {
                server.receive([.headers(stream, HPACK.request("POST"), ends: false)])
                server.session.respond(
                    Int32(stream), server.head(413), .bytes(server.responseBody), .stopping)
            }
            server.send()
            server.now += 1000
            #expect(server.session.overdue(at: server.now).streams.isEmpty)
            server.send()
        }
        #expect(server.frames.filter { $0.type == 3 && $0.code == 0 }.count == 1000)
        #expect(server.session.terminationCode == nil)
    }

    @Test func `a body after its response opens the windows and is discarded`() {
        let server = WireServer { $0.drainTimeout = 1000 }
        server.isSilent = true
        server.open()
        server.receive([.headers(1, HPACK.request("POST"), ends: false)])
        server.session.respond(1, server.head(413), .bytes(server.responseBody), .stopping)
        server.unwanted = [1]
        server.send()
        for _ in 0..<400 {
            server.receive([.data(1, [UInt8](repeating: 1, count: 4096))])
            server.now += 900
            // It sends all the time: the stream is not reset.
            #expect(server.session.overdue(at: server.now).streams.isEmpty)
            server.send()
        }
        #expect(server.session.terminationCode == nil)
        #expect(!server.frames.contains { $0.type == 3 })
        let opened = server.frames.filter { $0.type == 8 && $0.stream == 1 }
            .map { Int(HTTP2Frame.number($0.payload)) }.reduce(0, +)
        #expect(opened > 396 * 4096)
        server.receive([.data(1, [], ends: true)])
        #expect(server.session.streamCount == 0)
    }
}

extension HTTP2ResponseOptions {
    fileprivate static var stopping: HTTP2ResponseOptions {
        var options = HTTP2ResponseOptions()
        options.discardsRequestBody = true
        return options
    }
}
