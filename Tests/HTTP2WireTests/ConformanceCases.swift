import TestSupport

extension ConformanceCase {
    private static let body = HPACK.request("POST", "/")

    /// RFC 9113 §5: stream states.
    static let streams: [ConformanceCase] = [
        .init("5.1 idle: DATA", [.data(1, [1])], .goAway(Code.protocolError)),
        .init("5.1 idle: RST_STREAM", [.reset(1)], .goAway(Code.protocolError)),
        .init("5.1 idle: WINDOW_UPDATE", [.windowUpdate(1, 100)], .goAway(Code.protocolError)),
        .init("5.1 idle: PRIORITY", [.priority(1, on: 0), .ping()], .nothing),
        .init(
            "5.1 half-closed: DATA", [.headers(1, get), .data(1, [1])], .reset(1, code: Code.streamClosed)),
        .init(
            "5.1 half-closed: HEADERS", [.headers(1, get), .headers(1, get)],
            .reset(1, code: Code.streamClosed)),
        .init("5.1 half-closed: window", [.headers(1, get), .windowUpdate(1, 9)], .status(1, 200)),
        .init("5.1 half-closed: PRIORITY", [.headers(1, get), .priority(1, on: 0)], .status(1, 200)),
        .init(
            "5.1 reset: DATA", [.headers(1, body, ends: false), .reset(1), .data(1, [1])],
            .reset(1, code: Code.streamClosed)),
        .init(
            "5.1 reset: HEADERS", [.headers(1, body, ends: false), .reset(1), .headers(1, get)],
            .reset(1, code: Code.streamClosed)),
        .init(
            "5.1 reset: WINDOW_UPDATE",
            [.headers(1, body, ends: false), .reset(1), .windowUpdate(1, 1), .ping()],
            .nothing),
        .init(
            "5.1 PRIORITY of an idle stream, then a lower one", [.priority(3, on: 0), .headers(1, get)],
            .status(1, 200)),
        .init(
            "7 RST_STREAM with an unknown code",
            [.headers(1, body, ends: false), .reset(1, 0xff), .ping()], .nothing),
        .init("5.1.1 even number", [.headers(2, get)], .goAway(Code.protocolError)),
        .init("5.1.1 smaller number", [.headers(5, get), .headers(3, get)], .goAway(Code.protocolError)),
        .init(
            "5.1.1 smaller number, others between", [.headers(5, get), .headers(9, get), .headers(7, get)],
            .goAway(Code.protocolError)),
        .init("5.1.1 first number is free", [.headers(77, get)], .status(77, 200)),
        .init(
            "5.1.2 one stream too many",
            (0...128).map { HTTP2Frame.headers(UInt32($0) * 2 + 1, body, ends: false) },
            .goAway(Code.protocolError)),
        .init(
            "5.3.1 HEADERS that depend on themselves",
            [HTTP2Frame(1, flags: 0x25, stream: 1, HTTP2Frame.big(1) + [9] + get)],
            .reset(1, code: Code.protocolError)),
        .init("5.3.1 PRIORITY that depends on itself", [.priority(2, on: 2)], .reset(2, code: 1)),
        .init("6.8 GOAWAY", [.headers(1, get), .goAway()], .status(1, 200)),
    ]

    private static func fields(_ fields: HPACK.Fields) -> [HTTP2Frame] {
        [.headers(1, HPACK.literal(fields))]
    }

    private static func plus(_ name: String, _ value: String) -> [HTTP2Frame] {
        [.headers(1, HPACK.request("GET", [(name, value)]))]
    }

    private static let method: (String, String) = (":method", "GET")
    private static let scheme: (String, String) = (":scheme", "http")
    private static let path: (String, String) = (":path", "/")
    private static let authority: (String, String) = (":authority", "h")
    private static let malformed = Outcome.reset(1, code: Code.protocolError)

    /// RFC 9113 §8: HTTP messages in frames.
    static let messages: [ConformanceCase] = [
        .init(
            "8.1 HEADERS again without an end",
            [.headers(1, body, ends: false), .headers(1, [], ends: false)], malformed),
        .init("8.2.1 capital letter", plus("X-Test", "ok"), malformed),
        .init("8.2.1 control byte in a value", plus("x-test", "a\u{1}b"), malformed),
        .init("8.2.1 line end in a value", plus("x-test", "a\r\nb: c"), malformed),
        .init("8.2.1 space around a value", plus("x-test", " a"), malformed),
        .init("8.2.1 space in a name", plus("x test", "a"), malformed),
        .init("8.2.2 Connection", plus("connection", "keep-alive"), malformed),
        .init("8.2.2 Keep-Alive", plus("keep-alive", "1"), malformed),
        .init("8.2.2 Proxy-Connection", plus("proxy-connection", "close"), malformed),
        .init("8.2.2 Transfer-Encoding", plus("transfer-encoding", "chunked"), malformed),
        .init("8.2.2 Upgrade", plus("upgrade", "h2c"), malformed),
        .init("8.2.2 TE with more than trailers", plus("te", "trailers, deflate"), malformed),
        .init("8.2.2 TE: trailers", plus("te", "trailers"), .status(1, 200)),
        .init(
            "8.3 unknown pseudo", fields([method, scheme, path, authority, (":test", "a")]), malformed),
        .init(
            "8.3 pseudo-header of responses", fields([method, scheme, path, authority, (":status", "200")]),
            malformed),
        .init(
            "8.3 pseudo-header behind a field", fields([method, scheme, authority, ("x", "y"), path]),
            malformed),
        .init(
            "8.3 pseudo-header in trailers",
            [.headers(1, body, ends: false), .headers(1, HPACK.literal([method]))],
            malformed),
        .init("8.3.1 empty path", fields([method, scheme, (":path", ""), authority]), malformed),
        .init("8.3.1 no method", fields([scheme, path, authority]), malformed),
        .init("8.3.1 no scheme", fields([method, path, authority]), malformed),
        .init("8.3.1 no path", fields([method, scheme, authority]), malformed),
        .init("8.3.1 no authority", fields([method, scheme, path]), malformed),
        .init("8.3.1 method twice", fields([method, method, scheme, path, authority]), malformed),
        .init("8.3.1 scheme twice", fields([method, scheme, scheme, path, authority]), malformed),
        .init("8.3.1 path twice", fields([method, scheme, path, path, authority]), malformed),
        .init("8.3.1 authority twice", fields([method, scheme, path, authority, authority]), malformed),
        .init("8.3.1 Host alone", fields([method, scheme, path, ("host", "h")]), .status(1, 200)),
        .init("8.3.1 Host beside", plus("host", "H"), .status(1, 200)),
        .init("8.3.1 Host that differs", plus("host", "other"), .status(1, 400)),
        .init(
            "8.3.1 authority with a user", fields([method, scheme, path, (":authority", "u@h")]),
            .status(1, 400)),
        .init(
            "8.3.1 authority that is none", fields([method, scheme, path, (":authority", "a,b")]),
            .status(1, 400)),
        .init("8.3.1 path without a slash", fields([method, scheme, (":path", "x"), authority]), malformed),
        .init(
            "8.3.1 path that is a URI", fields([method, scheme, (":path", "/\u{7f}"), authority]), malformed),
        .init(
            "8.3.1 path with a fragment", fields([method, scheme, (":path", "/a#b"), authority]),
            .status(1, 400)),
        .init(
            "8.3.1 star for OPTIONS", fields([(":method", "OPTIONS"), scheme, (":path", "*"), authority]),
            .status(1, 200)),
        .init(
            "8.3.1 https in the clear", fields([method, (":scheme", "https"), path, authority]),
            .status(1, 421)),
        .init(
            "8.3.1 another scheme", fields([method, (":scheme", "ftp"), path, authority]), .status(1, 400)),
        .init("8.5 CONNECT", fields([(":method", "CONNECT"), (":authority", "h:1")]), .status(1, 400)),
        .init(
            "8.5 CONNECT with a path", fields([(":method", "CONNECT"), scheme, path, authority]), malformed),
        .init("8.1.1 length without a body", plus("content-length", "1"), malformed),
        .init(
            "8.1.1 body shorter than its length",
            [
                .headers(1, HPACK.request("POST", [("content-length", "5")]), ends: false),
                .data(1, [1], ends: true),
            ],
            malformed),
        .init(
            "8.1.1 body longer than its length",
            [
                .headers(1, HPACK.request("POST", [("content-length", "1")]), ends: false), .data(1, [1]),
                .data(1, [2], ends: true),
            ],
            malformed),
        .init(
            "8.1.1 length, and no body", [.headers(1, HPACK.request("POST", [("content-length", "5")]))],
            malformed),
        .init("8.2.1 tab within a value", plus("x", "a\tb"), .status(1, 200)),
        .init("8.2.1 octets beyond ASCII in a value", plus("x", "a\u{e9}b"), .status(1, 200)),
        .init("8.1.1 length that is no number", plus("content-length", "+0"), malformed),
        .init(
            "8.1.1 length twice",
            [.headers(1, HPACK.request("GET", [("content-length", "0"), ("content-length", "0")]))], malformed
        ),
        .init("9110 10.1.1 Expect of another kind", plus("expect", "tea"), .status(1, 417)),
        .init(
            "9110 9.3.8 TRACE with a body",
            [.headers(1, HPACK.request("TRACE"), ends: false), .data(1, [1], ends: true)], .status(1, 200)),
        .init(
            "9110 6.5.1 trailer that may not be one",
            [.headers(1, body, ends: false), .headers(1, HPACK.literal([("host", "x")]))],
            .status(1, 400)),
        .init(
            "path too long",
            fields([method, scheme, (":path", "/" + String(repeating: "a", count: 9000)), authority]),
            .status(1, 414)),
        .init("fields too large", plus("x", String(repeating: "a", count: 16_300)), .status(1, 431)),
        .init(
            "too many fields",
            [.headers(1, HPACK.request("GET", (0..<260).map { ("x\($0)", "") }))],
            .status(1, 431)),
    ]
}

extension HPACK {
    fileprivate static func request(_ method: String, _ others: Fields) -> [UInt8] {
        request(method, "/", others)
    }
}
