import JSONText
import Testing
import Tracing

/// Spans in OTLP's JSON, and the replies to them.
@Suite struct OTLPEncodingTests {
    private func context(_ span: String = "b7ad6b7169203331", state: String = "") throws -> TraceContext {
        try #require(
            TraceContext(
                parents: ["00-0af7651916cd43dd8448eb211c80319c-\(span)-01"], states: [state]))
    }

    private func encoded(_ spans: [Span]) throws -> JSONValue {
        let encoding = OTLPEncoding(
            resource: [SpanAttribute("service.name", "reelgate")], version: "1.2.3")
        return try JSONValue(parsing: encoding.body(of: spans))
    }

    private func members(_ value: JSONValue?) -> [JSONValue] { value?.array ?? [] }

    @Test func `a span has hexadecimal ids, decimal times and typed attributes`() throws {
        var span = Span(
            "GET poll", .client, context: try context(state: "a=1"), parent: SpanID { 7 },
            start: 1_796_024_550_000_000_001, end: 1_796_024_551_000_000_002,
            attributes: [
                SpanAttribute("text", "a \"b\""), SpanAttribute("number", -5), SpanAttribute("truth", true),
            ])
        span.links = [try context("00000000000000aa")]
        span.errorType = "503"
        let json = try encoded([span])
        let resource = try #require(members(json["resourceSpans"]).first)
        let name: JSONValue = ["key": "service.name", "value": ["stringValue": "reelgate"]]
        #expect(resource["resource"]?["attributes"] == [name])
        let scope = try #require(members(resource["scopeSpans"]).first)
        #expect(scope["scope"] == ["name": "reelgate", "version": "1.2.3"])
        let expected: JSONValue = [
            "traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "b7ad6b7169203331", "traceState": "a=1",
            "parentSpanId": "0000000000000007", "flags": 1, "name": "GET poll", "kind": 3,
            "startTimeUnixNano": "1796024550000000001", "endTimeUnixNano": "1796024551000000002",
            "attributes": [
                ["key": "text", "value": ["stringValue": "a \"b\""]],
                ["key": "number", "value": ["intValue": "-5"]],
                ["key": "truth", "value": ["boolValue": true]],
                ["key": "error.type", "value": ["stringValue": "503"]],
            ],
            "links": [["traceId": "0af7651916cd43dd8448eb211c80319c", "spanId": "00000000000000aa"]],
            "status": ["code": 2],
        ]
        #expect(scope["spans"] == [expected])
    }

    @Test func `a root span without an error has no parent and no code`() throws {
        let span = Span("task", .internal, context: try context(), parent: nil, start: 5, end: 3)
        let json = try encoded([span])
        let resource = try #require(members(json["resourceSpans"]).first)
        let scope = try #require(members(resource["scopeSpans"]).first)
        let spans = members(scope["spans"])
        let only = try #require(spans.first)
        #expect(only["parentSpanId"] == nil && only["traceState"] == nil && only["links"] == nil)
        #expect(only["status"] == JSONValue.object(JSONObject()))
        #expect(only["endTimeUnixNano"] == "5", "a clock that was set back makes no negative span")
    }

    @Test func `a long text of an attribute is cut off`() {
        #expect(
            SpanAttribute("a", String(repeating: "x", count: 5000)).value
                == .text(String(repeating: "x", count: 512)))
    }

    @Test(
        arguments: [
            ("", 0, nil), ("{}", 0, nil), ("not json", 0, nil), (#"{"partialSuccess":{}}"#, 0, nil),
            (#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}"#, 3, "too old"),
            (#"{"partialSuccess":{"rejectedSpans":4}}"#, 4, nil),
            (#"{"partialSuccess":{"errorMessage":"slow down"}}"#, 0, "slow down"),
        ] as [(String, Int64, String?)])
    func `a partial success is read`(_ body: String, _ rejected: Int64, _ message: String?) {
        let reply = OTLPReply(parsing: Array(body.utf8))
        #expect(reply.rejectedSpans == rejected && reply.message == message)
        #expect(reply.isPartial == (rejected > 0 || message != nil))
    }
}
