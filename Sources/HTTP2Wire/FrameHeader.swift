/// A frame header: the nine octets before each frame's payload (RFC 9113 §4.1).
struct FrameHeader: Equatable, Sendable {
    var length: Int
    var type: UInt8
    var flags: UInt8
    var stream: UInt32

    static let size = 9

    /// The frame types of RFC 9113 §6 that `FrameRules` distinguishes.
    enum Kind {
        static let data: UInt8 = 0
        static let headers: UInt8 = 1
        static let reset: UInt8 = 3
        static let settings: UInt8 = 4
        static let ping: UInt8 = 6
        static let windowUpdate: UInt8 = 8
        static let continuation: UInt8 = 9
    }

    /// END_STREAM of DATA and HEADERS; ACK of SETTINGS and PING.
    var hasFirstFlag: Bool { flags & 0x1 != 0 }
    var endsHeaders: Bool { flags & 0x4 != 0 }
}
