import FoundationEssentials
import HTTPServing
import HTTPWire
import JSONText
import Synchronization
import ProcessTestSupport
import Testing
import Transport

@testable import Reelgate

/// The commands' client against a gateway that answers as a test wants.
@Suite struct GatewayClientTests {
    private static let running = ExampleTask.task(state: "running", status: "processing")
    private static let video = [UInt8]((0..<200_000).map { UInt8(truncatingIfNeeded: $0 * 31) })

    private static func completed(_ sha256: String = SHA256Digest.hex(of: video)) -> JSONValue {
        ExampleTask.task(
            state: "completed", status: "completed",
            results: [
                [
                    "bytes": .integer(Int64(video.count)), "sha256": .string(sha256),
                    "content_type": "video/mp4",
                ]
            ])
    }

    @Test func `a submission whose response is lost is repeated with its key`() async throws {
        try await withGateway([.cut, .cut, .json(200, Self.running)]) { client, gateway in
            let report = try await client.submit(Array("{}".utf8), idempotencyKey: "key-1")
            #expect(report.id == ExampleTask.id)
            #expect(
                gateway.requests.map(\.target) == Array(repeating: "POST /v1/videos/generations", count: 3))
            #expect(gateway.requests.allSatisfy { $0.key == "key-1" && $0.body == Array("{}".utf8) })
        }
    }

    @Test func `a submission is not repeated for ever`() async throws {
        try await withGateway(Array(repeating: .cut, count: 7)) { client, gateway in
            let failure = await #expect(throws: UnansweredSubmissionError.self) {
                try await client.submit(Array("{}".utf8), idempotencyKey: "k1")
            }
            #expect(gateway.requests.count == 7)
            #expect(failure?.commandError.status == .unreachable)
            #expect(failure?.commandError.remedy?.contains("--idempotency-key k1") == true)
        }
    }

    @Test func `after a lost response nothing but a verdict on the job ends a submission`() async throws {
        let retried: [Scripted] = [.cut, .status(503), .status(502), .status(429), .json(200, Self.running)]
        try await withGateway(retried) { client, gateway in
            let notes = Mutex(0)
            let report = try await client.submit(Array("{}".utf8), idempotencyKey: "k") {
                notes.withLock { $0 += 1 }
            }
            #expect(report.id == ExampleTask.id)
            #expect(gateway.requests.count == 5 && notes.withLock { $0 } == 1)
        }
        // Of the first attempt the response is one.
        for status in [422, 429, 502, 503] {
            try await withGateway([.status(status)]) { client, gateway in
                await #expect(throws: GatewayProblem.self) {
                    try await client.submit(Array("{}".utf8), idempotencyKey: "k")
                }
                #expect(gateway.requests.count == 1)
            }
        }
    }

    @Test func `a gateway that is gone after a lost response does not become one that was never reached`()
        async throws
    {
        let loop = try EventLoop(label: "client")
        let gateway = ScriptedGateway([.cut])
        let anyPort = try #require(SocketAddress("127.0.0.1:0"))
        let server = try await HTTPServer.start(
            at: [anyPort], on: [loop], limits: HTTPLimits(), handler: gateway)
        let base = try #require(BaseURL("http://\(server.addresses[0])"))
        // The gateway ends in the first pause.
        let client = GatewayClient(base: base, loop: loop, pause: { _ in await server.drain(within: .zero) })
        let failure = await #expect(throws: UnansweredSubmissionError.self) {
            try await client.submit(Array("{}".utf8), idempotencyKey: "k2")
        }
        #expect(failure?.commandError.description.contains("may have accepted the job") == true)
        #expect(failure?.commandError.description.contains("--idempotency-key k2") == true)
    }

    @Test func `following continues after the last event, through cuts, pauses and a restart`() async throws {
        let path = "GET /v1/tasks/\(ExampleTask.id)/events"
        let responses: [Scripted] = [
            .status(503), .events(["7": Self.running]), .cut, .status(429), .events([:]),
            .cutEvent(Self.running),
            .events(["9": Self.completed()]),
        ]
        try await withGateway(responses) { client, gateway in
            let display = TaskDisplay(preface: "asking")
            let end = try await TaskFollowing(client: client, display: display).end(of: ExampleTask.id)
            #expect(end.status == "completed" && display.report == end)
            #expect(gateway.requests.map(\.target) == Array(repeating: path, count: 7))
            #expect(gateway.requests.map(\.lastEventID) == [nil, nil, "7", "7", "7", "7", "7"])
        }
    }

    @Test func `a task with nothing further to send is read once more`() async throws {
        try await withGateway([.status(204), .json(200, Self.completed())]) { client, gateway in
            let following = TaskFollowing(client: client, display: TaskDisplay(preface: "asking"))
            let end = try await following.end(of: ExampleTask.id)
            #expect(end.status == "completed")
            let path = "GET /v1/tasks/\(ExampleTask.id)"
            #expect(gateway.requests.map(\.target) == ["\(path)/events", path])
        }
    }

    @Test func `an uncertain task ends the wait, although its stream stays open`() async throws {
        let uncertain = ExampleTask.task(state: "uncertain", status: "failed")
        try await withGateway([.events(["3": uncertain])]) { client, gateway in
            let following = TaskFollowing(client: client, display: TaskDisplay(preface: "asking"))
            let end = try await following.end(of: ExampleTask.id)
            #expect(end.isUncertain)
            #expect(gateway.requests.count == 1)
        }
    }

    @Test(arguments: [401, 404, 500])
    func `a refused stream is an error at once`(_ status: Int) async throws {
        try await withGateway([.status(status)]) { client, gateway in
            let following = TaskFollowing(client: client, display: TaskDisplay(preface: "asking"))
            await #expect(throws: GatewayProblem.self) { try await following.end(of: ExampleTask.id) }
            #expect(gateway.requests.count == 1)
        }
    }

    @Test func `a gateway that stays away is given up on`() async throws {
        let responses = [.events(["7": Self.running])] + Array(repeating: Scripted.status(503), count: 40)
        try await withGateway(responses) { client, gateway in
            let following = TaskFollowing(client: client, display: TaskDisplay(preface: "asking"))
            await #expect(throws: GatewayProblem.self) { try await following.end(of: ExampleTask.id) }
            #expect(gateway.requests.count == 31)
        }
    }

    @Test func `an unreachable gateway is reported at once, with exit status 3`() async throws {
        let client = GatewayClient(
            base: try #require(BaseURL("http://127.0.0.1:1")), loop: try EventLoop(label: "t"))
        do {
            _ = try await TaskFollowing(client: client, display: TaskDisplay(preface: "")).end(of: "x")
            Issue.record("port 1 answered")
        } catch {
            let failure = CommandError(error, calling: client.base)
            #expect(failure.status == .unreachable)
            #expect(failure.what.hasPrefix("cannot reach the gateway at http://127.0.0.1:1: "))
        }
    }

    @Test func `a video is saved whole, even if it is cut on the way`() async throws {
        try await withGateway([.halfOf(Self.video), .bytes(Self.video)]) { client, _ in
            let folder = try ScratchFolder()
            let path = folder.path + "/v.mp4"
            let report = try #require(TaskReport(Self.completed()))
            let output = try VideoOutput(name: OutputName(path), overwrites: false, hasSidecar: false)
            #expect(try await ContentDownload(client: client, output: output).save(report) == path)
            #expect(FileManager.default.contents(atPath: path).map { [UInt8]($0) } == Self.video)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["v.mp4"])
        }
    }

    @Test func `a damaged video leaves no file`() async throws {
        try await withGateway([.bytes(Self.video), .bytes(Array(Self.video.dropLast()))]) { client, _ in
            let folder = try ScratchFolder()
            let output = try VideoOutput(
                name: OutputName(folder.path + "/v.mp4"), overwrites: true, hasSidecar: true)
            let download = ContentDownload(client: client, output: output)
            let other = try #require(TaskReport(Self.completed(String(repeating: "0", count: 64))))
            await #expect(throws: CommandError.self) { try await download.save(other) }
            let report = try #require(TaskReport(Self.completed()))
            await #expect(throws: CommandError.self) { try await download.save(report) }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        }
    }

    @Test func `a place that cannot be written is known before money is spent`() throws {
        let folder = try ScratchFolder()
        #expect(ContentDownload.issue(of: folder.path) != nil)
        #expect(ContentDownload.issue(of: folder.path + "/no/v.mp4") != nil)
        #expect(ContentDownload.issue(of: "/dev/null") != nil)
        #expect(ContentDownload.issue(of: folder.path + "/v.mp4") == nil)
    }

    @Test func `list parameters are escaped`() async throws {
        try await withGateway([.json(200, ["data": [Self.running], "next": "a"])]) { client, gateway in
            let page = try await client.list([(name: "model", value: "a b&c/é")])
            #expect(page.tasks.map(\.id) == [ExampleTask.id] && page.next == "a")
            #expect(gateway.requests.map(\.target) == ["GET /v1/tasks?model=a%20b%26c%2F%C3%A9"])
        }
    }
}

/// One response of the gateway in a test.
private enum Scripted: Sendable {
    case json(Int, JSONValue)
    /// An event stream that ends after events with these ids.
    case events(KeyValuePairs<String, JSONValue>)
    /// One that is cut in the middle of an event.
    case cutEvent(JSONValue)
    case bytes([UInt8])
    case halfOf([UInt8])
    case status(Int)
    case cut

    var response: HTTPResponse {
        switch self {
        case .json(let status, let value):
            return HTTPResponse(status: status, body: .bytes(value.serialized()))
        case .events(let events):
            let text = events.map { Self.text($0, $1) }.joined()
            return HTTPResponse(status: 200, body: .bytes(Array(text.utf8)))
        case .cutEvent(let value):
            return HTTPResponse(status: 200, body: .bytes(Array(Self.text("8", value).utf8.dropLast())))
        case .bytes(let bytes): return HTTPResponse(status: 200, body: .bytes(bytes))
        case .halfOf(let bytes):
            var response = HTTPResponse(status: 200, body: .bytes(bytes))
            response.cutAfter = bytes.count / 2
            return response
        case .status(let status): return HTTPResponse(status: status)
        case .cut:
            var response = HTTPResponse(status: 200)
            response.cutAfter = 0
            return response
        }
    }

    private static func text(_ id: String, _ value: JSONValue) -> String {
        "event: task\nid: \(id)\ndata: \(String(decoding: value.serialized(), as: UTF8.self))\n\n"
    }
}

/// A gateway with scripted responses that records the requests.
private final class ScriptedGateway: HTTPHandler {
    struct Asked: Sendable {
        var target: String
        var key: String?
        var lastEventID: String?
        var body: [UInt8]
    }

    private let responses: Mutex<[Scripted]>
    private let asked = Mutex<[Asked]>([])

    init(_ responses: [Scripted]) { self.responses = Mutex(responses) }

    var requests: [Asked] { asked.withLock { $0 } }

    func handle(_ head: RequestHead, _ context: RequestContext) -> Disposition {
        .collect(limit: 1 << 20) { self.response(to: $0) }
    }

    private func response(to request: HTTPRequest) -> HTTPResponse {
        let head = request.head
        asked.withLock {
            $0.append(
                Asked(
                    target: "\(head.method) \(head.path)" + (head.query.map { "?\($0)" } ?? ""),
                    key: head.fields["Idempotency-Key"], lastEventID: head.fields["Last-Event-ID"],
                    body: request.body))
        }
        return responses.withLock { $0.isEmpty ? HTTPResponse(status: 599) : $0.removeFirst().response }
    }

    func reject(_ error: HTTPError, _ context: RequestContext) -> HTTPResponse {
        HTTPResponse(status: error.status)
    }
}

/// A clock whose sleeps return at once.
private func withGateway(
    _ responses: [Scripted], _ body: (GatewayClient, ScriptedGateway) async throws -> Void
) async throws {
    let loop = try EventLoop(label: "client")
    let gateway = ScriptedGateway(responses)
    let anyPort = try #require(SocketAddress("127.0.0.1:0"))
    let server = try await HTTPServer.start(at: [anyPort], on: [loop], limits: HTTPLimits(), handler: gateway)
    let base = try #require(BaseURL("http://\(server.addresses[0])"))
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(GatewayClient(base: base, loop: loop, pause: { _ in }), gateway))
    } catch {
        result = .failure(error)
    }
    await server.drain(within: .zero)
    try result.get()
}
