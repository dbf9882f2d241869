import HTTP2Wire
import TestSupport
import Testing

/// Conformance to RFC 9113 and RFC 7541: one row for each rule.
@Suite struct ConformanceTests {
    @Test(arguments: ConformanceCase.frames + ConformanceCase.streams + ConformanceCase.messages)
    func `the session obeys the rule`(_ example: ConformanceCase) {
        let server = WireServer()
        server.open()
        server.receive(example.frames)
        #expect(example.outcome.holds(server), "\(server.frames)")
    }

    @Test(arguments: ConformanceCase.frames + ConformanceCase.streams + ConformanceCase.messages)
    func `the session obeys the rule when bytes arrive one by one`(_ example: ConformanceCase) {
        let server = WireServer()
        server.open()
        for byte in example.frames.flatMap(\.bytes) { server.receive([byte]) }
        #expect(example.outcome.holds(server), "\(server.frames)")
    }

    @Test func `the server sends its settings first`() {
        let server = WireServer()
        server.send()
        #expect(server.frames.first?.type == 4)
        #expect(server.frames.first?.flags == 0)
        // MAX_CONCURRENT_STREAMS, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE; no push, no extended CONNECT.
        let entries = server.frames.first?.payload ?? []
        let ids = stride(from: 0, to: entries.count, by: 6).map { entries[$0 + 1] }
        #expect(ids == [3, 4, 6])
    }

    @Test(arguments: ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\t", "GET / HTTP/1.1\r\nHost: h\r\n\r\n"])
    func `an invalid preface ends the connection`(_ text: String) {
        let server = WireServer()
        server.receive(Array(text.utf8))
        #expect(server.frames.last?.type == 7)
        #expect(server.frames.last?.code == 1)
        #expect(server.session.isFinished)
    }

    @Test func `a preface without settings ends the connection`() {
        let server = WireServer()
        server.receive(HTTP2Frame.preface + HTTP2Frame.ping().bytes)
        #expect(server.frames.last?.code == 1)
    }
}

extension ConformanceCase {
    /// RFC 9113 §4, §6 and RFC 7541: the format of frames and header blocks.
    static let frames: [ConformanceCase] = [
        .init("4.1 unknown type", [HTTP2Frame(0xff, stream: 0, [1, 2]), .ping()], .nothing),
        .init("4.1 undefined flags", [HTTP2Frame(6, flags: 0xfe, [UInt8](repeating: 1, count: 8))], .nothing),
        .init(
            "4.1 reserved bit", [HTTP2Frame(6, stream: 0x8000_0000, [UInt8](repeating: 1, count: 8))],
            .nothing
        ),
        .init(
            "4.2 DATA too long", [.headers(1, get, ends: false), .data(1, long, ends: true)],
            .reset(1, code: Code.frameSize)),
        .init("4.2 HEADERS too long", [.headers(1, long)], .goAway(Code.frameSize)),
        .init("4.3 not decodable", [.headers(1, [0x40])], .goAway(Code.compression)),
        .init(
            "4.3 PRIORITY within a block",
            [HTTP2Frame(1, flags: 1, stream: 1, get), .priority(1, on: 0), .continuation(1, [])],
            .goAway(Code.protocolError)),
        .init(
            "4.3 another stream within a block", [HTTP2Frame(1, flags: 1, stream: 1, get), .headers(3, get)],
            .goAway(Code.protocolError)),
        .init(
            "5.5 unknown type within a block",
            [HTTP2Frame(1, flags: 1, stream: 1, get), HTTP2Frame(0xff, stream: 1), .continuation(1, [])],
            .goAway(Code.protocolError)),
        .init("6.1 DATA on stream 0", [.data(0, [1])], .goAway(Code.protocolError)),
        .init(
            "6.1 padding as long as the payload",
            [.headers(1, get, ends: false), HTTP2Frame(0, flags: 9, stream: 1, [5, 1, 2, 3, 4])],
            .goAway(Code.protocolError)),
        .init("6.2 HEADERS on stream 0", [.headers(0, get)], .goAway(Code.protocolError)),
        .init(
            "6.2 padding longer than the payload", [HTTP2Frame(1, flags: 0xd, stream: 1, [255] + get)],
            .goAway(Code.protocolError)),
        .init("6.3 PRIORITY on stream 0", [.priority(0, on: 1)], .goAway(Code.protocolError)),
        .init(
            "6.3 PRIORITY of four octets", [HTTP2Frame(2, stream: 1, [0, 0, 0, 0])],
            .reset(1, code: Code.frameSize)),
        .init("6.4 RST_STREAM on stream 0", [.reset(0)], .goAway(Code.protocolError)),
        .init(
            "6.4 RST_STREAM of three octets", [.headers(1, get), HTTP2Frame(3, stream: 1, [0, 0, 0])],
            .goAway(Code.frameSize)),
        .init("6.5 SETTINGS ACK with content", [HTTP2Frame(4, flags: 1, [0])], .goAway(Code.frameSize)),
        .init("6.5 SETTINGS on a stream", [HTTP2Frame(4, stream: 1)], .goAway(Code.protocolError)),
        .init("6.5 SETTINGS of three octets", [HTTP2Frame(4, [0, 3, 0])], .goAway(Code.frameSize)),
        .init("6.5.2 ENABLE_PUSH 2", [.settings([(2, 2)])], .goAway(Code.protocolError)),
        .init("6.5.2 window too large", [.settings([(4, 1 << 31)])], .goAway(Code.flowControl)),
        .init("6.5.2 frame size too small", [.settings([(5, 16_383)])], .goAway(Code.protocolError)),
        .init("6.5.2 frame size too large", [.settings([(5, 1 << 24)])], .goAway(Code.protocolError)),
        .init("6.5.2 unknown setting", [.settings([(0xff, 1)]), .ping()], .nothing),
        .init("6.5.3 unexpected ACK", [.settingsAck], .goAway(Code.protocolError)),
        .init("6.6 PUSH_PROMISE", [HTTP2Frame(5, flags: 4, stream: 1, [0, 0, 0, 2])], .goAway(1)),
        .init("6.7 PING", [.ping(9)], .nothing),
        .init("6.7 PING ACK is not answered", [.ping(9, ack: true), .ping(8)], .nothing),
        .init("6.7 PING on a stream", [HTTP2Frame(6, stream: 1, get)], .goAway(Code.frameSize)),
        .init(
            "6.7 PING on a stream, of good size",
            [HTTP2Frame(6, stream: 1, [UInt8](repeating: 0, count: 8))],
            .goAway(Code.protocolError)),
        .init("6.7 PING of seven octets", [HTTP2Frame(6, [1, 2, 3, 4, 5, 6, 7])], .goAway(Code.frameSize)),
        .init(
            "6.8 on a stream", [HTTP2Frame(7, stream: 1, [UInt8](repeating: 0, count: 8))], .goAway(1)),
        .init("6.9 window opened by 0", [.windowUpdate(0, 0)], .goAway(Code.protocolError)),
        .init(
            "6.9 a stream's window opened by 0", [.headers(1, get, ends: false), .windowUpdate(1, 0)],
            .reset(1, code: Code.protocolError)),
        .init("6.9 WINDOW_UPDATE of three octets", [HTTP2Frame(8, [0, 0, 1])], .goAway(Code.frameSize)),
        .init(
            "6.9.1 window overflows", [.windowUpdate(0, 0x7fff_ffff), .windowUpdate(0, 0x7fff_ffff)],
            .goAway(Code.flowControl)),
        .init(
            "6.9.1 a stream's window overflows",
            [
                .headers(1, get, ends: false), .windowUpdate(1, 0x7fff_ffff), .windowUpdate(1, 0x7fff_ffff),
            ], .reset(1, code: Code.flowControl)),
        .init("6.10 CONTINUATION alone", [.continuation(1, get)], .goAway(Code.protocolError)),
        .init(
            "6.10 CONTINUATION after the end", [.headers(1, get), .continuation(1, get)],
            .goAway(Code.protocolError)),
        .init(
            "6.10 CONTINUATION on stream 0", [HTTP2Frame(1, flags: 1, stream: 1, get), .continuation(0, [])],
            .goAway(Code.protocolError)),
        .init(
            "6.10 several CONTINUATION",
            [
                HTTP2Frame(1, flags: 1, stream: 1, Array(get.prefix(5))),
                .continuation(1, Array(get.dropFirst(5).prefix(6)), ends: false),
                .continuation(1, [], ends: false), .continuation(1, Array(get.dropFirst(11))),
            ], .status(1, 200)),
        .init("7541 2.3.3 index out of the table", [.headers(1, get + [0xff, 0x80, 0x01])], .goAway(9)),
        .init("7541 4.2 size changed behind a field", [.headers(1, get + [0x20])], .goAway(9)),
        .init(
            "7541 5.2 Huffman padding longer than 7 bits",
            [.headers(1, get + [0x00, 0x01, 0x78, 0x82, 0x1f, 0xff])],
            .goAway(9)),
        .init(
            "7541 5.2 Huffman padding of 0", [.headers(1, get + [0x00, 1, 0x78, 0x81, 0x18])], .goAway(9)),
        .init(
            "7541 5.2 Huffman end of string",
            [.headers(1, get + [0x00, 1, 0x78, 0x84, 0xff, 0xff, 0xff, 0xff])],
            .goAway(9)),
        .init("7541 6.1 index 0", [.headers(1, get + [0x80])], .goAway(9)),
        .init("7541 6.3 table larger than allowed", [.headers(1, [0x3f, 0xe2, 0x1f] + get)], .goAway(9)),
    ]
}
