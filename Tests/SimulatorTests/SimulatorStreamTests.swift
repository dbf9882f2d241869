import HTTPFetching
import JSONText
import Testing

/// `/_simulator/stream` behind a real socket.
@Suite struct SimulatorStreamTests {
    @Test func `a stream ends after its own events`() async throws {
        try await withSimulator { there in
            let counted = try await there.send("GET", "/_simulator/stream?events=3")
            #expect(counted.status == 200 && counted["Content-Type"] == "text/event-stream")
            let events = "id: 1\ndata: event 1\n\nid: 2\ndata: event 2\n\nid: 3\ndata: event 3\n\n"
            #expect(String(decoding: counted.body, as: UTF8.self) == events)
            let timed = try await there.send("GET", "/_simulator/stream?events=2&interval=1ms")
            #expect(timed.status == 200)
            let many = try await there.send("GET", "/_simulator/stream?events=10000")
            #expect(
                String(decoding: many.body, as: UTF8.self).hasSuffix("\n\nid: 10000\ndata: event 10000\n\n"))
        }
    }

    @Test(arguments: ["events=-1", "events", "interval=fast", "speed=3"])
    func `other parameters are refused`(_ query: String) async throws {
        try await withSimulator { there in
            let refused = try await there.send("GET", "/_simulator/stream?\(query)")
            #expect(refused.status == 422)
        }
    }

    @Test func `an event is sent to all streams that are open`() async throws {
        try await withSimulator { there in
            async let stream = there.send("GET", "/_simulator/stream")
            var count: JSONValue? = 0
            while count == 0 {
                count = try await there.send("POST", "/_simulator/stream", Array("one\ntwo".utf8)).json[
                    "streams"]
            }
            #expect(count == 1)
            #expect(try await there.send("DELETE", "/_simulator/stream").json["streams"] == 1)
            #expect(String(decoding: try await stream.body, as: UTF8.self) == "data: one\ndata: two\n\n")
        }
    }
}
