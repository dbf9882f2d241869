import Gateway
import HTTPServing
import Logging
import ProcessTestSupport
import Synchronization
import Testing
import Tracing

@testable import Reelgate

/// The request log as operators see it.
@Suite(.timeLimit(.minutes(3))) struct RequestLogLineTests {
    @Test func `each request has one line without its query, whatever its response`() async throws {
        let fixture = try await EndToEndFixture()
        // Its folder goes with it.
        defer { withExtendedLifetime(fixture) {} }
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        _ = try await gateway.task(id)
        for path in ["/v1/tasks?limit=1", "/nowhere?token=secret", "/v1/models"] {
            _ = try await Curl.get("\(gateway.url)\(path)", ["-H", "X-Request-Id: seen-\(path.count)"])
        }
        gateway.program.signal(15)
        #expect(await gateway.program.end() == 0)
        let lines = gateway.program.errors.text.split(separator: "\n").filter {
            $0.contains("request completed")
        }
        #expect(lines.count == 5)
        #expect(lines[0].contains(#""method":"POST""#) && lines[0].contains(#""status":200"#))
        #expect(lines[1].contains(#""route":"/v1/tasks/{id}""#) && !lines[1].contains(id))
        #expect(lines[3].contains(#""status":404"#) && lines[3].contains(#""request_id":"seen-21""#))
        #expect(!lines[3].contains("secret") && !lines[3].contains("nowhere"))
        #expect(
            lines.allSatisfy {
                $0.contains(#""event":"http.request""#) && $0.contains(#""principal":"local""#)
                    && $0.contains(#""duration_ms":"#)
            })
    }

    @Test func `records that nobody reads are dropped and counted, and nothing waits for them`() async {
        let lines = CollectedLines()
        let output = OutputRoom()
        let writer = RequestLogWriter(StructuredLog(Logger(label: "test") { _ in lines })) {
            output.hasRoom.load(ordering: .relaxed)
        }
        let record = RequestRecord(
            method: "GET", route: "/", requestID: "r", principal: .local,
            outcome: ExchangeOutcome(status: 200, bytes: 7, completion: .complete),
            duration: .microseconds(1500))
        for _ in 0..<RequestLogWriter.recordsMax + 3 { writer.append(record) }
        await writer.flush()
        #expect(lines.all == [])
        output.hasRoom.store(true, ordering: .relaxed)
        await writer.flush()
        #expect(lines.all.count >= RequestLogWriter.recordsMax + 1)
        #expect(
            lines.all.first?.hasPrefix("info: request completed bytes=7 duration_ms=1.5 method=GET") == true
        )
        #expect(lines.all.last?.hasPrefix("warning: request log records dropped count=") == true)
    }

    @Test(arguments: ["plain", "traced", "strange", "rejected"])
    func `the JSON line of a record is the one that the log itself writes`(_ name: String) throws {
        let record = try #require(Self.records[name])
        let (direct, logged) = (CollectedText(), CollectedText())
        let lines = RequestLines(batchMax: 4096, now: { .init(wall: 0, monotonic: 0) }) { bytes, _ in
            direct.append(bytes)
        }
        #expect(lines.writeFirst(of: [record]) == 1)
        StructuredLog(Logger(label: "test") { _ in JSONLog(text: logged) })
            .info(.httpRequest, record.outcome.completion.message, metadata: record.metadata)
        #expect(direct.text == logged.text)
        #expect(direct.text.hasSuffix("}\n"))
    }

    @Test func `several lines are written at once, each whole`() throws {
        let text = CollectedText()
        let lines = RequestLines(batchMax: 1000) { bytes, count in
            text.append(bytes)
            #expect(bytes.count { $0 == UInt8(ascii: "\n") } == count)
        }
        var records = [RequestRecord](repeating: try #require(Self.records["plain"]), count: 20)
        records[3].requestID = String(repeating: "x", count: 3000)
        var rest = records[...]
        while !rest.isEmpty { rest = rest.dropFirst(lines.writeFirst(of: rest)) }
        #expect(text.text.split(separator: "\n").count == 20)
        #expect(text.parts.allSatisfy { $0.last == UInt8(ascii: "\n") })
        #expect(text.parts.count { $0.count > 1000 } == 1)
        #expect(text.parts.count < 10)
    }

    @Test func `a line has the time of its response, however late it is written`() throws {
        let text = CollectedText()
        let lines = RequestLines(batchMax: 4096, now: { .init(wall: 9000, monotonic: 5_000_000_000) }) {
            bytes, _ in
            text.append(bytes)
        }
        var records = [RequestRecord](repeating: try #require(Self.records["plain"]), count: 3)
        records[0].ended = 1_000_000_000
        records[1].ended = 4_999_000_001
        #expect(lines.writeFirst(of: records[...]) == 3)
        let times = text.text.split(separator: "\n").map { $0.dropFirst(20).prefix(13) }
        #expect(times == ["00:00:05.000Z", "00:00:09.000Z", "00:00:09.000Z"])
    }

    /// Records with all members and with none, and with content that a line must not show as it is.
    private static let records: [String: RequestRecord] = {
        let answered = ExchangeOutcome(status: 200, bytes: 595, completion: .complete)
        let plain = RequestRecord(
            method: "GET", route: "/v1/tasks/{id}", requestID: "req-1",
            principal: .client("a", isOperator: true), outcome: answered, duration: .microseconds(4))
        var traced = plain
        traced.trace = TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        traced.duration = .milliseconds(12_345)
        var strange = plain
        strange.method = "A\"\\" + String(repeating: "M", count: 3000)
        strange.principal = .certificate("a\nb\u{7F}c ü")
        strange.outcome = ExchangeOutcome(status: nil, bytes: 0, completion: .cancelled)
        strange.duration = .microseconds(1_000_100)
        let rejected = RequestRecord(
            method: nil, route: nil, requestID: "", principal: .operatorSocket(uid: 0),
            outcome: ExchangeOutcome(status: 400, bytes: -1, completion: .aborted), duration: .zero)
        return ["plain": plain, "traced": traced, "strange": strange, "rejected": rejected]
    }()

    @Test func `access off leaves no log around the handler`() {
        let log = StructuredLog(Logger(label: "test") { _ in CollectedLines() })
        let handler = StartupHandler(bodyLimit: 1)
        #expect(RequestLogWriter(log).logging(handler, .init(access: false)) is StartupHandler)
        #expect(RequestLogWriter(log).logging(handler, .init()) is RequestLog)
    }

    @Test func `health checks are logged at level debug only, also after the level changed`() async {
        let level = LogLevel(.info)
        let lines = CollectedLines()
        let record = RequestRecord(
            method: "GET", route: "/readyz", requestID: "r", principal: .local,
            outcome: ExchangeOutcome(status: 200, bytes: 7, completion: .complete), duration: .zero)
        let writer = RequestLogWriter(
            StructuredLog(Logger(label: "test") { _ in LeveledLog(lines: lines, level: level) })
        ) {
            true
        }
        writer.append(record)
        await writer.flush()
        #expect(lines.all == [])
        level.replace(with: .debug)
        writer.append(record)
        await writer.flush()
        #expect(lines.all.count == 1)
    }
}

/// Keeps what was written, with one part for each call.
private final class CollectedText: Sendable {
    private let written = Mutex<[[UInt8]]>([])

    var parts: [[UInt8]] { written.withLock(\.self) }
    var text: String { String(decoding: parts.joined(), as: UTF8.self) }

    func append(_ bytes: [UInt8]) { written.withLock { $0.append(bytes) } }
}

/// Writes lines as the log of the process does.
private struct JSONLog: LogHandler {
    let text: CollectedText
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    init(text: CollectedText) { self.text = text }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let line = LineLog(label: "reelgate", isJSON: true, level: LogLevel(.info))
            .line(
                event.message.description, event.level, event.metadata ?? [:],
                at: "1970-01-01T00:00:00.000Z")
        text.append(Array("\(line)\n".utf8))
    }
}

/// Keeps log lines of a level that changes.
private struct LeveledLog: LogHandler {
    let lines: CollectedLines
    let level: LogLevel
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level {
        get { level.current }
        set { level.replace(with: newValue) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { lines.log(event: event) }
}

/// An output that a test fills and empties.
private final class OutputRoom: Sendable {
    let hasRoom = Atomic(false)
}
