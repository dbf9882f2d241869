import HTTPServing
import TestSupport
import Testing
import Transport

/// Abusive clients, each beside a well-behaved one: the abuse is ended, and the other client is served.
@Suite(.serialized) struct HTTP2AbuseTests {
    /// What a bad client does until it is stopped; the codes with which that may be.
    struct Abuse: CustomTestStringConvertible, Sendable {
        let name: String
        var settings: [(UInt16, UInt32)] = []
        var codes: [UInt32] = [11]
        /// One round; false ends the rounds: then the client reads to the end.
        let round: @Sendable (HTTP2Client, UInt32) -> Bool
        var testDescription: String { name }

        init(
            _ name: String, settings: [(UInt16, UInt32)] = [], codes: [UInt32] = [11],
            _ round: @escaping @Sendable (HTTP2Client, UInt32) -> Bool
        ) {
            self.name = name
            self.settings = settings
            self.codes = codes
            self.round = round
        }

        /// Sends the same again and again.
        static func flood(
            _ name: String, codes: [UInt32] = [11], _ frames: @escaping @Sendable (UInt32) -> [HTTP2Frame]
        ) -> Abuse {
            Abuse(name, codes: codes) { client, round in client.send(frames(round * 2 + 1)) }
        }

        /// Sends once, then waits for the reaction.
        static func once(
            _ name: String, settings: [(UInt16, UInt32)] = [], codes: [UInt32] = [11],
            _ frames: @escaping @Sendable () -> [HTTP2Frame]
        ) -> Abuse {
            Abuse(name, settings: settings, codes: codes) { client, _ in
                client.send(frames())
                return false
            }
        }
    }

    private static let get = HPACK.request("GET", "/hop")
    private static let large = HPACK.request("GET", "/large")

    static let abuses: [Abuse] = [
        .flood("rapid reset") { [.headers($0, get), .reset($0)] },
        .flood("rapid reset of large responses") { [.headers($0, large), .reset($0)] },
        .flood("made you reset: window overflow") {
            [.headers($0, get), .windowUpdate($0, 0x7fff_ffff), .windowUpdate($0, 0x7fff_ffff)]
        },
        .flood("made you reset: data after the end", codes: [5, 11]) { [.headers($0, get), .data($0, [1])] },
        .flood("made you reset: malformed heads", codes: [1, 11]) {
            [.headers($0, HPACK.literal([("A", "b")]))]
        },
        .flood("made you reset: wrong length", codes: [1, 11]) {
            [
                .headers($0, HPACK.request("POST", "/p", [("content-length", "1")]), ends: false),
                .data($0, [1, 2]),
            ]
        },
        .flood("made you reset: priority of itself", codes: [1]) {
            [HTTP2Frame(1, flags: 0x25, stream: $0, HTTP2Frame.big($0) + [0] + get)]
        },
        .flood("settings") { _ in [.settings([(3, 100), (4, 65_535)])] },
        .flood("settings of table sizes") { [.settings([(1, $0 % 4 == 1 ? 0 : 4096)])] },
        .flood("settings of windows") { [.settings([(4, $0 % 4 == 1 ? 0 : 65_535)])] },
        .flood("many settings in one", codes: [11, 1, 6]) { _ in
            [.settings((0..<2000).map { _ in (3, 100) })]
        },
        .flood("unexpected confirmations", codes: [1, 11]) { _ in [.settingsAck] },
        .flood("pings") { _ in [.ping()] },
        .flood("ping responses") { _ in [.ping(1, ack: true)] },
        .flood("priorities") { [.priority($0, on: $0 + 2)] },
        .flood("unknown frames") { _ in [HTTP2Frame(0xbe, [1])] },
        .flood("priority updates") { _ in [HTTP2Frame(0x10, HTTP2Frame.big(1) + [0x75, 0x3d, 0x31])] },
        .flood("windows of the connection opened") { _ in [.windowUpdate(0, 1)] },
        Abuse("empty data") { client, round in
            if round == 0 { client.send(.headers(1, HPACK.request("POST", "/p"), ends: false)) }
            return client.send(.data(1, []))
        },
        Abuse("data that is all padding") { client, round in
            if round == 0 { client.send(.headers(1, HPACK.request("POST", "/p"), ends: false)) }
            return client.send(HTTP2Frame(0, flags: 8, stream: 1, [200] + [UInt8](repeating: 0, count: 200)))
        },
        Abuse("continuations without content") { client, round in
            if round == 0 { client.send(HTTP2Frame(1, flags: 1, stream: 1, get)) }
            return client.send(.continuation(1, [], ends: false))
        },
        Abuse("continuations without end") { client, round in
            if round == 0 { client.send(HTTP2Frame(1, flags: 1, stream: 1, get)) }
            let field = HPACK.literal([("x\(round)", String(repeating: "a", count: 15_000))])
            return client.send(.continuation(1, field, ends: false))
        },
        .once("a header list that unfolds") {
            let field = HPACK.text("n") + HPACK.text(String(repeating: "v", count: 4000))
            return [.headers(1, HPACK.request() + [0x40] + field + [UInt8](repeating: 0xbe, count: 12_000))]
        },
        .once("too many requests at once", codes: [1, 11]) {
            (0..<2000).map { .headers($0 * 2 + 1, HPACK.request("POST", "/p"), ends: false) }
        },
        .once("numbers below those in use", codes: [1]) { [.headers(101, get), .headers(99, get)] },
        .once("a window of nothing", settings: [(4, 0)]) { (0..<100).map { .headers($0 * 2 + 1, large) } },
        Abuse("windows of one byte", settings: [(4, 1)]) { client, round in
            if round == 0 { client.send(.headers(1, large)) }
            return client.send(.windowUpdate(1, 1))
        },
        .once("a header block without end") { [HTTP2Frame(1, flags: 1, stream: 1, get)] },
        .once("a frame without end") { [HTTP2Frame(0x42, [UInt8](repeating: 0, count: 9))].map { $0 } },
        .once("a frame too large", codes: [6]) { [HTTP2Frame(4, [UInt8](repeating: 0, count: 20_000))] },
        .flood("table sizes in header blocks", codes: [9]) {
            [.headers($0, [UInt8](repeating: 0x20, count: 8000) + [0x3f, 0xe1, 0xff, 0x03] + get)]
        },
    ]

    @Test(arguments: abuses)
    func `an abuse is ended, and costs others nothing`(_ abuse: Abuse) async throws {
        let server = try await HTTPServer.start {
            $0.headerTimeout = .seconds(2)
            $0.bodyTimeout = .seconds(2)
        }
        let isOver = Flag()
        async let healthy = onThread {
            let client = try HTTP2Client(server)
            var count = 0
            // Goes on for as long as the abuse does, and at least once.
            repeat {
                guard client.reply(client.get("/now"))?.text == "now GET" else { return -1 }
                count += 1
            } while !isOver.isRaised
            return count
        }
        let code = try await server.withHTTP2(abuse.settings) { client in
            var round: UInt32 = 0
            while round < 200_000, abuse.round(client, round) { round += 1 }
            if abuse.name == "a frame without end" { client.wire.send([0, 0, 9, 0x42]) }
            return client.endCode()
        }
        isOver.raise()
        #expect(code.map { abuse.codes.contains($0) } == true, "ended with \(String(describing: code))")
        #expect(try await healthy > 0)
    }
}
