import HTTP2Wire
import TestSupport
import Testing

/// Frames that a client sends, and the expected outcome.
struct ConformanceCase: CustomTestStringConvertible, Sendable {
    enum Outcome: Sendable {
        /// The connection ends with this code.
        case goAway(UInt32)
        /// The stream, or the connection, ends with this code.
        case reset(UInt32, code: UInt32)
        case status(UInt32, Int)
        /// Nothing ends: the PING that follows is answered.
        case nothing

        func holds(_ server: WireServer) -> Bool {
            let frames = server.frames
            let ends = frames.first { $0.type == 7 }
            switch self {
            case .goAway(let code): return ends?.code == code && server.session.isFinished
            case .reset(let stream, let code):
                let reset = frames.first { $0.type == 3 && $0.stream == stream }
                return reset?.code == code || ends?.code == code
            case .status(let stream, let status): return ends == nil && server.status(stream) == status
            case .nothing:
                return ends == nil && frames.contains { $0.type == 6 && $0.flags == 1 }
            }
        }
    }

    let rule: String
    let frames: [HTTP2Frame]
    let outcome: Outcome

    init(_ rule: String, _ frames: [HTTP2Frame], _ outcome: Outcome) {
        self.rule = rule
        self.frames = frames
        self.outcome = outcome
    }

    var testDescription: String { rule }

    static let get = HPACK.request()
    static let long = [UInt8](repeating: 120, count: 16_385)

    enum Code {
        static let protocolError: UInt32 = 1
        static let flowControl: UInt32 = 3
        static let streamClosed: UInt32 = 5
        static let frameSize: UInt32 = 6
        static let refused: UInt32 = 7
        static let compression: UInt32 = 9
        static let calm: UInt32 = 11
    }
}
