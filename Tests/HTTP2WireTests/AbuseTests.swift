import HTTPWire
import TestSupport
import Testing

@testable import HTTP2Wire

/// Limits on what a client may do repeatedly.
@Suite struct AbuseTests {
    private static let calm = ConformanceCase.Code.calm

    /// Frames to send repeatedly; `stream` counts up by two.
    private struct Flood: CustomTestStringConvertible {
        let name: String
        var code = calm
        let frames: @Sendable (UInt32) -> [HTTP2Frame]
        var testDescription: String { name }
    }

    private static let floods: [Flood] = [
        Flood(name: "reset at once") { [.headers($0, ConformanceCase.get), .reset($0)] },
        Flood(name: "provoked resets") { [.headers($0, HPACK.literal([("Bad", "x")]))] },
        Flood(name: "provoked resets by windows") {
            [
                .headers($0, ConformanceCase.get, ends: false), .windowUpdate($0, 0x7fff_ffff),
                .windowUpdate($0, 0x7fff_ffff),
            ]
        },
        Flood(name: "malformed heads") { [.headers($0, HPACK.literal([(":method", "GET")]))] },
        Flood(name: "fields of a connection") {
            [.headers($0, HPACK.request("GET", "/", [("connection", "close")]))]
        },
        Flood(name: "two hosts") {
            [.headers($0, HPACK.request("GET", "/", [("host", "h"), ("host", "h")]))]
        },
        Flood(name: "two lengths") { [.headers($0, promising("1", "1"), ends: false)] },
        Flood(name: "more than promised, at once") {
            [.headers($0, promising("1"), ends: false), .data($0, [1, 2], ends: true)]
        },
        Flood(name: "more than promised") {
            [.headers($0, promising("1"), ends: false), .data($0, [1, 2])]
        },
        Flood(name: "less than promised") {
            [.headers($0, promising("5"), ends: false), .data($0, [1, 2], ends: true)]
        },
        Flood(name: "nothing of what was promised") { [.headers($0, promising("5"))] },
        Flood(name: "less than promised, and trailers") {
            [
                .headers($0, promising("5"), ends: false), .data($0, [1, 2]),
                .headers($0, HPACK.literal([("x", "y")])),
            ]
        },
        Flood(name: "malformed trailers") {
            [.headers($0, ConformanceCase.get, ends: false), .headers($0, HPACK.literal([("Bad", "x")]))]
        },
        Flood(name: "settings") { _ in [.settings([(1, 4096)])] },
        Flood(name: "empty settings") { _ in [.settings()] },
        Flood(name: "pings") { _ in [.ping()] },
        Flood(name: "ping responses") { _ in [.ping(3, ack: true)] },
        Flood(name: "priorities") { [.priority($0, on: 0)] },
        Flood(name: "unknown frames") { _ in [HTTP2Frame(0x42, [1, 2, 3])] },
        Flood(name: "windows opened by little") { _ in [.windowUpdate(0, 1)] },
    ]

    /// Frames that end the connection at once instead of being counted.
    private static let violations: [Flood] = [
        Flood(name: "a window opened by nothing", code: 1) {
            [.headers($0, ConformanceCase.get, ends: false), .windowUpdate($0, 0)]
        },
        Flood(name: "data after the end", code: 5) { [.headers($0, ConformanceCase.get), .data($0, [1])] },
        Flood(name: "a priority of itself", code: 1) { [.priority($0, on: $0)] },
        Flood(name: "data before a head", code: 1) { [.data($0, [1])] },
        Flood(name: "a window of no stream", code: 1) { [.windowUpdate($0, 1)] },
    ]

    private static func promising(_ lengths: String...) -> [UInt8] {
        HPACK.request("POST", "/", lengths.map { ("content-length", $0) })
    }

    @Test(arguments: violations)
    private func `a violation ends the connection at once`(_ violation: Flood) {
        let server = WireServer()
        server.isSilent = true
        server.open()
        server.receive(violation.frames(1))
        #expect(server.frames.last { $0.type == 7 }?.code == violation.code)
    }

    @Test func `induced resets within one read are counted before they are sent`() {
        let server = WireServer()
        server.isSilent = true
        server.open()
        let flood = (0..<20_000).map { UInt32($0) * 2 + 1 }.flatMap {
            HTTP2Frame.headers($0, Self.promising("1"), ends: false).bytes
                + HTTP2Frame.data($0, [1, 2]).bytes
        }
        server.receive(flood)
        #expect(server.frames.last { $0.type == 7 }?.code == Self.calm)
        #expect(server.frames.filter { $0.type == 3 }.count < 512)
    }

    @Test(arguments: floods)
    private func `a flood ends the connection`(_ flood: Flood) {
        let server = WireServer()
        server.isSilent = true
        server.open()
        var rounds: UInt32 = 0
        while !server.session.isFinished, rounds < 20_000 {
            server.receive(flood.frames(rounds * 2 + 1))
            rounds += 1
        }
        #expect(server.frames.last { $0.type == 7 }?.code == flood.code, "after \(rounds) rounds")
        #expect(server.session.isFinished)
        #expect(rounds < 4096)
        #expect(server.out.count < 64 * 1024)
    }

    @Test(arguments: floods)
    private func `the same frames spread over hours are not a flood`(_ flood: Flood) {
        let server = WireServer()
        server.isSilent = true
        server.open()
        for round: UInt32 in 0..<3000 {
            server.receive(flood.frames(round * 2 + 1))
            server.now += 2_000_000_000
        }
        #expect(!server.frames.contains { $0.type == 7 && $0.code == Self.calm })
    }

    @Test(arguments: [0, 1, 200])
    func `many small DATA frames end the connection`(_ size: Int) {
        let server = WireServer()
        server.isSilent = true
        server.open()
        server.receive([.headers(1, ConformanceCase.get, ends: false)])
        var rounds = 0
        while !server.session.isFinished, rounds < 10_000 {
            server.receive([.data(1, [UInt8](repeating: 1, count: size))])
            rounds += 1
        }
        #expect(server.frames.last?.code == Self.calm)
        #expect(rounds < 1024)
    }

    @Test func `a header block of many frames ends the connection`() {
        for size in [0, 1, 16_000] {
            let server = WireServer()
            server.open()
            server.receive([HTTP2Frame(1, flags: 1, stream: 1, ConformanceCase.get)])
            for _ in 0..<100 {
                let field = HPACK.literal([("x", String(repeating: "a", count: size))])
                server.receive([.continuation(1, size == 0 ? [] : field, ends: false)])
            }
            #expect(server.frames.last?.code == Self.calm)
        }
    }

    @Test func `a header block that expands too far ends the connection`() {
        let server = WireServer()
        server.open()
        let name = String(repeating: "n", count: 100)
        let field = HPACK.text(name) + HPACK.text(String(repeating: "v", count: 3800))
        // Inserted into the dynamic table once, then referenced by one byte each.
        let bomb = ConformanceCase.get + [0x40] + field + [UInt8](repeating: 0xbe, count: 12_000)
        server.receive([.headers(1, bomb)])
        #expect(server.frames.last?.code == Self.calm)
    }

    @Test func `a client that opens its window byte by byte is disconnected`() {
        let server = WireServer()
        server.responseBody = [UInt8](repeating: 1, count: 100_000)
        server.open()
        server.receive([.settings([(4, 1)]), .headers(1, ConformanceCase.get)])
        var rounds = 0
        while !server.session.isFinished, rounds < 20_000 {
            server.receive([.windowUpdate(1, 1)])
            rounds += 1
        }
        #expect(server.frames.last?.code == Self.calm)
        #expect(rounds < 4096)
    }

    @Test func `a client may open its windows after every frame`() {
        let server = WireServer()
        server.open()
        for round: UInt32 in 0..<20_000 {
            let stream = round * 2 + 1
            server.receive([
                .headers(stream, ConformanceCase.get), .windowUpdate(0, 5), .priority(stream + 2, on: 0),
            ])
            server.now += 10_000
            server.out = []
        }
        #expect(server.session.terminationCode == nil)
    }

    @Test func `buffered body bytes are bounded, and the oldest body continues`() {
        var credit = ReceiveCredit(softLimit: 100, hardLimit: 200)
        let free = [credit.record(80, of: 1), credit.record(20, of: 3), credit.record(90, of: 3)]
        #expect(free == [true, true, false])
        _ = credit.record(80, of: 5)
        let none = credit.takeGrant()
        #expect(none == [:])
        _ = credit.record(70, of: 1)
        let oldest = credit.takeGrant()
        #expect(oldest == [1: 70])
        #expect(credit.streamToRefuse == nil)
        _ = credit.record(20, of: 3)
        #expect(credit.streamToRefuse == 5)
        let rest = credit.removeBody(5)
        #expect(rest == [:])
        #expect(credit.streamToRefuse == nil)
        // Without the first, the second is the oldest.
        let last = credit.removeBody(1)
        #expect(last == [3: 110])
    }

    @Test func `bodies on many streams are buffered up to a limit, and the oldest completes`() {
        let server = WireServer()
        server.isSilent = true
        server.open()
        let streams = (0..<128).map { UInt32($0) * 2 + 1 }
        server.receive(streams.map { .headers($0, HPACK.request("POST"), ends: false) })
        var window = 65_535
        for stream in streams {
            // Stays within the connection's window; WINDOW_UPDATE frames arrive one by one.
            if window < 16_384 {
                window += server.frames.filter { $0.type == 8 && $0.stream == 0 }
                    .map { Int(HTTP2Frame.number($0.payload)) }.reduce(0, +)
                server.out = []
            }
            #expect(window >= 16_384)
            server.receive([.data(stream, [UInt8](repeating: 1, count: 16_384))])
            window -= 16_384
        }
        let held = server.bodies.values.map(\.count).reduce(0, +)
        #expect(held > 1 << 19 && held <= (1 << 20) + 2 * 16_384)
        // The first stream continues.
        #expect(server.bodies[1]?.count == 16_384)
        server.receive([.data(1, [], ends: true)])
        #expect(server.events.contains(.end(1, HTTPFields())))
    }

    @Test func `skipped stream identifiers are remembered`() {
        var ids = StreamIDHistory()
        let verdicts = [5, 5, 1, 7, 101, 99, 7, 102].map { ids.record($0) }
        let expected: [StreamIDHistory.Verdict] = [
            .opened, .known, .skipped, .opened, .opened, .skipped, .known, .known,
        ]
        #expect(verdicts == expected)
    }
}
