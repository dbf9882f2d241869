import Testing

@testable import Reelgate

@Suite struct ServerSentEventParserTests {
    private typealias Event = ServerSentEventParser.Event

    /// The events of a text, received in two pieces that are cut at the given place.
    private func parsed(_ text: String, cutAt cut: Int) throws -> (events: [Event], id: String) {
        let bytes = Array(text.utf8)
        var parser = ServerSentEventParser()
        let events = try parser.receive(bytes[..<cut]) + parser.receive(bytes[cut...])
        return (events, parser.lastEventID)
    }

    @Test(arguments: ["\n", "\r", "\r\n"])
    func `events are the same wherever the stream is cut, with each end of line`(_ end: String) throws {
        let text = [
            "\u{FEFF}retry: 2000", "", ":a comment", "event: task", "id: 7", "data: {\"a\":", "data:1}", "",
            "data", "", "event: reset", "id", "data:  two spaces", "", "id: 9", "", "unknown: x",
            "data: ü🎬", "id: with\u{0}nul", "", "event: lost", "data: not complete",
        ].joined(separator: end)
        for cut in 0...text.utf8.count {
            let (events, id) = try parsed(text, cutAt: cut)
            #expect(
                events == [
                    Event(name: "task", data: "{\"a\":\n1}"), Event(name: "message", data: ""),
                    Event(name: "reset", data: " two spaces"), Event(name: "message", data: "ü🎬"),
                ], "cut at \(cut)")
            #expect(id == "9", "cut at \(cut)")
        }
    }

    @Test func `an event that is cut does not move the last id`() throws {
        var parser = ServerSentEventParser()
        _ = try parser.receive("id: 1\ndata: a\n\nid: 2\ndata: b\n".utf8)
        #expect(parser.lastEventID == "1")
        parser.reset()
        #expect(parser.lastEventID == "1")
        let whole = try parser.receive("data: c\n\n".utf8)
        #expect(whole == [Event(name: "message", data: "c")])
        #expect(parser.lastEventID == "1")
        _ = try parser.receive("id\n\n".utf8)
        #expect(parser.lastEventID.isEmpty)
    }

    @Test func `a line without an end is refused at some length`() throws {
        var parser = ServerSentEventParser()
        let piece = [UInt8](repeating: 0x61, count: 1 << 20)
        for _ in 0..<16 { _ = try parser.receive(piece) }
        #expect(throws: ServerSentEventParser.TooLongError.self) { try parser.receive(piece) }
    }

    @Test func `the data of one event is refused at some length`() throws {
        var parser = ServerSentEventParser()
        let line = Array("data: ".utf8) + [UInt8](repeating: 0x61, count: 1 << 20) + [0x0A]
        for _ in 0..<15 { _ = try parser.receive(line) }
        #expect(throws: ServerSentEventParser.TooLongError.self) { try parser.receive(line) }
    }
}
