import HTTPServing
import TestSupport
import Transport

/// A client that speaks HTTP/2 frame by frame, as well or as badly as a test wants.
final class HTTP2Client {
    let wire: TestClient
    /// Frames of the connection, and frames of streams that no call has read.
    private var control: [HTTP2Frame] = []
    private var waiting: [UInt32: [HTTP2Frame]] = [:]
    private var nextStream: UInt32 = 1

    /// Connects, and exchanges settings.
    init(_ server: HTTPServer, settings: [(UInt16, UInt32)] = []) throws {
        wire = try TestClient(server)
        wire.send(HTTP2Frame.preface)
        // The dynamic table stays empty, so that each response can be decoded alone.
        send(.settings([(1, 0)] + settings))
        _ = next { $0.type == 4 && $0.flags == 0 }
        send(.settingsAck)
    }

    @discardableResult
    func send(_ frames: HTTP2Frame...) -> Bool { wire.send(frames.flatMap(\.bytes)) }

    @discardableResult
    func send(_ frames: [HTTP2Frame]) -> Bool { wire.send(frames.flatMap(\.bytes)) }

    /// Sends a request without a body; its stream.
    @discardableResult
    func get(_ path: String, method: String = "GET") -> UInt32 {
        defer { nextStream += 2 }
        send(.headers(nextStream, HPACK.request(method, path)))
        return nextStream
    }

    /// Sends a request with a body to follow; its stream.
    func post(_ path: String, _ fields: HPACK.Fields = []) -> UInt32 {
        defer { nextStream += 2 }
        send(.headers(nextStream, HPACK.request("POST", path, fields), ends: false))
        return nextStream
    }

    /// The next frame, settings and pings of the server answered; `nil` at the end.
    func next() -> HTTP2Frame? {
        guard let head = wire.read(9) else { return nil }
        let length = Int(HTTP2Frame.number(head.prefix(3)))
        guard let payload = wire.read(length), let (frame, _) = HTTP2Frame.first(in: (head + payload)[...])
        else { return nil }
        if frame.type == 6, frame.flags == 0 { send(HTTP2Frame(6, flags: 1, frame.payload)) }
        if frame.stream == 0 {
            control.append(frame)
        } else {
            waiting[frame.stream, default: []].append(frame)
        }
        return frame
    }

    /// Reads on to the frame that is looked for; `nil` if the connection ends before.
    func next(where isSought: (HTTP2Frame) -> Bool) -> HTTP2Frame? {
        while let frame = next() {
            if isSought(frame) { return frame }
        }
        return nil
    }

    /// Reads the response on a stream to its end; `nil` if there is none.
    func reply(_ stream: UInt32) -> HTTP2Reply? {
        var reply: HTTP2Reply?
        while let frame = nextFrame(of: stream) {
            switch frame.type {
            case 1 where HPACK.status(frame.payload) == 100: continue
            case 1: reply = HTTP2Reply(status: HPACK.status(frame.payload))
            case 0:
                reply?.body += frame.payload
                if !frame.payload.isEmpty { open(frame) }
            case 3: return HTTP2Reply(status: reply?.status, body: reply?.body ?? [], code: frame.code)
            default: break
            }
            if frame.ends { return reply }
        }
        return nil
    }

    private func nextFrame(of stream: UInt32) -> HTTP2Frame? {
        while true {
            if let frame = waiting[stream]?.first {
                waiting[stream]?.removeFirst()
                return frame
            }
            guard next() != nil else { return nil }
        }
    }

    private func open(_ frame: HTTP2Frame) {
        let count = UInt32(frame.payload.count)
        send(.windowUpdate(0, count))
        if !frame.ends { send(.windowUpdate(frame.stream, count)) }
    }

    /// The code of the GOAWAY with which the connection ends; `nil` if it ends without one.
    func endCode() -> UInt32? {
        while next() != nil {}
        return control.last { $0.type == 7 }?.code
    }
}

extension HPACK {
    static func request(_ method: String, _ path: String, _ others: Fields) -> [UInt8] {
        request(method, path, authority: "h", others)
    }
}

extension HTTPServer {
    /// Runs a client of this server over HTTP/2 on a thread.
    func withHTTP2<Value: Sendable>(
        _ settings: [(UInt16, UInt32)] = [], _ body: @escaping @Sendable (HTTP2Client) throws -> Value
    ) async throws -> Value {
        try await onThread { try body(HTTP2Client(self, settings: settings)) }
    }
}
