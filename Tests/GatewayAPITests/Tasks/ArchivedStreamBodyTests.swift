import Gateway
import GatewayFakes
import HTTPFetching
import HTTPServing
import HTTPWire
import Synchronization
import Testing
import Transport

@testable import GatewayAPI

/// Archived streams over a real connection.
@Suite struct ArchivedStreamBodyTests {
    private static let content = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    /// Sends a request to a server that responds with the stream. Returns the outcome and the received body.
    private func fetch(
        _ method: String, _ stream: MemoryStream
    ) async throws -> (outcome: FetchOutcome, body: [UInt8]) {
        let loop = try EventLoop(label: "stream-test")
        let address = try #require(SocketAddress("127.0.0.1:0"))
        let server = try await HTTPServer.start(
            at: [address], on: [loop], limits: HTTPLimits(), handler: StreamingHandler(stream: stream))
        let received = Received()
        let outcome = await HTTPFetcher(loop: loop, userAgent: "test").download(
            FetchRequest(method, "http://\(server.addresses[0])/")
        ) { received.append($0) }
        await server.drain(within: .zero)
        return (outcome, received.bytes)
    }

    @Test(arguments: [1, 1000, 16 * 1024, 1 << 20])
    func `a stream arrives whole, however small its pieces`(_ piece: Int) async throws {
        let content = Array(Self.content.prefix(piece == 1 ? 1000 : Self.content.count))
        let (outcome, body) = try await fetch("GET", MemoryStream(content, piece: piece))
        guard case .completed(let response) = outcome else { Issue.record("\(outcome)"); return }
        #expect(response.status == 200)
        #expect(body == content)
    }

    @Test func `HEAD of a stream has no body, and an empty stream neither`() async throws {
        for (method, content) in [("HEAD", Self.content), ("GET", [])] {
            let (outcome, body) = try await fetch(method, MemoryStream(content))
            guard case .completed(let response) = outcome else { Issue.record("\(outcome)"); return }
            #expect(response.status == 200)
            #expect(body.isEmpty)
        }
    }

    @Test(arguments: [
        MemoryStream(content, length: 200_001), MemoryStream(content, length: 199_999),
        MemoryStream(content, length: 200_001, failure: .transfer(message: "cut")),
    ])
    func `a stream that fails or has another length than stated is not completed`(
        _ stream: MemoryStream
    ) async throws {
        let (outcome, _) = try await fetch("GET", stream)
        guard case .failed = outcome else { Issue.record("\(outcome)"); return }
    }
}

/// Responds with one stream.
private struct StreamingHandler: HTTPHandler {
    let stream: MemoryStream

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        .respond(HTTPResponse(status: 200, body: .stream(ArchivedStreamBody(stream))))
    }
}

/// The bytes of a response, collected.
private final class Received: Sendable {
    private let state = Mutex<[UInt8]>([])

    var bytes: [UInt8] { state.withLock { $0 } }

    func append(_ piece: [UInt8]) { state.withLock { $0 += piece } }
}
