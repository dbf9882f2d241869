import HTTPServing
import TestSupport

/// A client of one streamed body, over either protocol.
final class OpenStream {
    /// How a client leaves.
    enum Departure: CaseIterable {
        /// The connection is reset.
        case reset
        /// The client's side of the connection is closed.
        case close
        /// The request is withdrawn: over HTTP/2 the stream is reset, over HTTP/1.1 the connection is closed.
        case cancel
    }

    private enum Client {
        case http1(TestClient)
        case http2(HTTP2Client, stream: UInt32)
    }

    private let client: Client

    /// Requests the stream.
    init(_ version: HTTPVersion, _ server: HTTPServer) throws {
        switch version {
        case .http1:
            let client = try TestClient(server)
            client.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = client.reply(toHEAD: true)
            self.client = .http1(client)
        case .http2:
            let client = try HTTP2Client(server)
            let stream = client.get("/stream")
            _ = client.next { $0.type == 1 }
            self.client = .http2(client, stream: stream)
        }
    }

    /// Reads the first three bytes of the body.
    func readFirst() {
        switch client {
        case .http1(let client): _ = client.read(8)
        case .http2(let client, _): _ = client.next { $0.type == 0 }
        }
    }

    /// Reads some of the body, and returns the bytes of its content.
    func readSome() -> Int {
        switch client {
        case .http1(let client):
            _ = client.read(100_000)
            // Chunks of 16 KiB have eight bytes of framing.
            return 100_000 - 8 * 7
        case .http2(let client, _):
            var received = 0
            while received < 40_000, let frame = client.next() {
                if frame.type == 0 { received += frame.payload.count }
            }
            return received
        }
    }

    /// Reads until the body or the connection ends.
    func readToEnd() {
        switch client {
        case .http1(let client):
            var bytes: [UInt8] = []
            while let byte = client.read(1) {
                bytes += byte
                if bytes.suffix(5).elementsEqual("0\r\n\r\n".utf8) { return }
            }
        case .http2(let client, let stream): _ = client.reply(stream)
        }
    }

    func leave(by departure: Departure) {
        switch (client, departure) {
        case (.http1(let client), .reset): client.reset()
        case (.http1(let client), .close): client.endSending()
        case (.http1, .cancel): break
        case (.http2(let client, _), .reset): client.wire.reset()
        case (.http2(let client, _), .close): client.wire.endSending()
        case (.http2(let client, let stream), .cancel): client.send(.reset(stream, 8))
        }
    }
}
