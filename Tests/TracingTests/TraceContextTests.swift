import Testing
import Tracing

/// The fields of W3C Trace Context, by the cases of its test suite.
@Suite struct TraceContextTests {
    private static let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    private static let ids = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331"

    @Test func `a valid context is parsed and written again`() throws {
        let context = try #require(TraceContext(parents: [Self.parent], states: ["foo=1,bar=2"]))
        #expect("\(context.traceID)" == "0af7651916cd43dd8448eb211c80319c")
        #expect("\(context.spanID)" == "b7ad6b7169203331")
        #expect(context.isSampled)
        #expect(context.traceparent == Self.parent)
        #expect(context.state.text == "foo=1,bar=2")
    }

    @Test(arguments: [
        "", "00", "00-", "01", ids, "00-\(ids)", "00-\(ids)-", "00-\(ids)-0", "00-\(ids)-01-",
        "00-\(ids)-01.",
        "00-\(ids)-01-what-the-future", "ff-\(ids)-01", "cc-\(ids)-01.what-the-future", "0-\(ids)-01",
        "000-\(ids)-01", ".0-\(ids)-01", "0.-\(ids)-01", "FF-\(ids)-01", "00-\(ids)-.0", "00-\(ids)-0.",
        "00-\(ids)-001", "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-.af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-B7AD6B7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c0-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333-01",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", " \(parent)", "\(parent) ", "00-é-01",
    ])
    func `an invalid traceparent is no context`(_ text: String) {
        #expect(TraceContext(parents: [text], states: ["foo=1"]) == nil)
    }

    @Test func `every prefix and every changed byte of a traceparent is handled`() {
        let bytes = Array(Self.parent.utf8)
        for length in 0..<bytes.count {
            #expect(TraceContext(traceparent: String(decoding: bytes[..<length], as: UTF8.self)) == nil)
        }
        for index in bytes.indices {
            var changed = bytes
            changed[index] = UInt8(ascii: "G")
            #expect(TraceContext(traceparent: String(decoding: changed, as: UTF8.self)) == nil)
        }
    }

    @Test(arguments: ["cc-\(ids)-01", "cc-\(ids)-01-what-the-future-will-be-like", "01-\(ids)-01-"])
    func `a higher version is read as far as it is known, and passed on as version 00`(_ text: String) {
        #expect(TraceContext(traceparent: text)?.traceparent == Self.parent)
    }

    @Test(arguments: [("00", false), ("01", true), ("02", false), ("ff", true), ("fe", false)])
    func `only the flag that is known is passed on`(_ flags: String, _ isSampled: Bool) {
        let context = TraceContext(traceparent: "00-\(Self.ids)-\(flags)")
        #expect(context?.isSampled == isSampled)
        #expect(context?.traceparent == "00-\(Self.ids)-\(isSampled ? "01" : "00")")
    }

    @Test func `two fields, even equal ones, are no context`() {
        #expect(TraceContext(parents: [Self.parent, Self.parent]) == nil)
        #expect(TraceContext(parents: ["\(Self.parent),\(Self.parent)"]) == nil)
        #expect(TraceContext(parents: []) == nil)
    }

    @Test func `an invalid state is dropped alone`() {
        let context = TraceContext(parents: [Self.parent], states: ["foo =1"])
        #expect(context?.traceparent == Self.parent)
        #expect(context?.state.text == "")
    }

    @Test func `a child has the same trace and another span`() throws {
        let context = try #require(TraceContext(parents: [Self.parent], states: ["foo=1"]))
        let child = context.child { 0x0123_4567_89AB_CDEF }
        #expect(child.traceparent == "00-0af7651916cd43dd8448eb211c80319c-0123456789abcdef-01")
        #expect(child.state == context.state)
    }

    @Test func `a random source of zeros makes valid ids`() {
        #expect("\(TraceID { 0 })" == "00000000000000000000000000000001")
        #expect("\(SpanID { 0 })" == "0000000000000001")
    }

    @Test func `the trace of a task survives its text`() throws {
        let context = try #require(TraceContext(parents: [Self.parent], states: ["a=1 2,b=3"]))
        let bare = TaskTrace(context: context)
        #expect(TaskTrace(text: bare.text) == bare)
        let whole = TaskTrace(context: context, request: SpanID { 7 }, caller: SpanID { 8 })
        #expect(TaskTrace(text: whole.text) == whole)
        #expect(whole.text == "\(Self.parent) 0000000000000007 0000000000000008 a=1 2,b=3")
    }

    @Test func `a traceparent of an earlier version is the trace of a task, other text is none`() {
        #expect(TaskTrace(text: Self.parent)?.context.traceparent == Self.parent)
        #expect(TaskTrace(text: Self.parent)?.request == nil)
        for text in ["", "x", "00-1-2-01", " \(Self.parent)"] { #expect(TaskTrace(text: text) == nil) }
    }
}
