package import HTTPWire

/// What the bytes of an HTTP/2 connection meant.
package enum HTTP2Event: Equatable, Sendable {
    /// A request begins; if it is complete, nothing more comes for it. `HEAD` has an answer without content.
    case head(Int32, RequestHead, isComplete: Bool)
    /// A request whose head breaks a rule that is answered with a status. Its body, if any, is dropped.
    case refused(Int32, MessageError, isHEAD: Bool)
    /// Content: a range of the input that was given. To be given back by `consumed`.
    case body(Int32, Range<Int>)
    /// The request is complete.
    case end(Int32, HTTPFields)
    /// The stream of a request that was not answered is gone: reset by the client, or broken by it.
    case closed(Int32)
    /// The client has seen that we are going away: no request is under way that we do not know of.
    case goAwayAcknowledged
}

/// Why a stream or a connection ends (RFC 9113 §7).
package struct HTTP2ErrorCode: RawRepresentable, Equatable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let none = HTTP2ErrorCode(rawValue: 0x0)
    package static let protocolError = HTTP2ErrorCode(rawValue: 0x1)
    package static let internalError = HTTP2ErrorCode(rawValue: 0x2)
    package static let flowControlError = HTTP2ErrorCode(rawValue: 0x3)
    package static let settingsTimeout = HTTP2ErrorCode(rawValue: 0x4)
    package static let streamClosed = HTTP2ErrorCode(rawValue: 0x5)
    package static let frameSizeError = HTTP2ErrorCode(rawValue: 0x6)
    package static let refusedStream = HTTP2ErrorCode(rawValue: 0x7)
    package static let cancel = HTTP2ErrorCode(rawValue: 0x8)
    package static let compressionError = HTTP2ErrorCode(rawValue: 0x9)
    package static let enhanceYourCalm = HTTP2ErrorCode(rawValue: 0xb)
}

/// How much of a connection is held and waited for.
package struct HTTP2Limits: Equatable, Sendable {
    /// Of one request's head and trailers, as for HTTP/1.1.
    package var message: MessageLimits
    /// Requests at once.
    package var streams = 128
    /// Bytes of one request's body that may come before we take any: at least as many as one frame may have.
    package var window = 16 * 1024
    /// The same for all streams of a connection together. What comes is taken at once, so this bounds only
    /// what is on its way.
    package var connectionWindow = 256 * 1024
    /// For a whole body, and for an answer beside what the least rate allows. In nanoseconds.
    package var bodyTime: UInt64
    /// How long a client may be silent on a stream whose request goes on after its answer, before the stream
    /// is reset; while it sends, `bodyTime` bounds the whole. Some clients lose an answer that a reset
    /// follows, until they have sent all. In nanoseconds.
    package var drainTime: UInt64 = 5_000_000_000
    /// The least rate at which an answer must be taken, in bytes a second.
    package var leastRate: UInt64 = 1024

    package init(message: MessageLimits, bodyTime: UInt64) {
        self.message = message
        self.bodyTime = bodyTime
    }
}

/// Where the content of an answer comes from that is not in memory: read piece by piece, as the client
/// takes it.
package protocol OutgoingContent: AnyObject {
    /// Bytes that were not read yet.
    var remaining: Int { get }

    /// Appends the next bytes, `count` of them, and no fewer; whether that was possible.
    func read(_ count: Int, into out: inout [UInt8]) -> Bool
}
