import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import Synchronization
import TestSupport
import Testing

/// A gateway with a unique key, a provider that reflects the key, another host, and a record of everything
/// that clients received.
final class KeyCanaryHarness: Sendable {
    /// The key and the field of the request that contains it, in every form that the simulator can write.
    static let reflection =
        "{{authorization}} {{key|base64}} {{authorization|base64}} {{key|hex}} {{key|percent}}"
    /// The same with filler inside, encoded twice, and reversed.
    static let disguises = [
        "{{key|broken}}", "{{key|zero_width}}", "{{key|hex|colons}}", "{{authorization|base64|base64}}",
        "{{key|base64|hex}}", "{{key|hex|base64}}", "{{key|reversed}}", "{{key|base64|broken}}",
    ]

    let key: String
    let fixture: EndToEndFixture
    /// A host that must not receive the key.
    let other: RawServer
    private let secrets: ScratchFolder
    private let gateway = Mutex<GatewayUnderTest?>(nil)
    private let records = Atomic(0)

    /// The file with the key, outside the folder that is searched.
    var keyFile: String { secrets.path + "/provider.key" }

    init() async throws {
        let letters = Array("abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789")
        let random = (0..<24).compactMap { _ in letters.randomElement() }
        key = "sk+canary/" + String(random.prefix(12)) + "=&~" + String(random.suffix(12))
        fixture = try await EndToEndFixture()
        secrets = try ScratchFolder()
        other = RawServer { connection, _ in
            while connection.readRequest() != nil { connection.respond(200, "{}") }
        }
        try writeKey(key + "\n")
    }

    deinit { other.stop() }

    func writeKey(_ text: String) throws {
        _ = try secrets.write(text, to: "provider.key", mode: 0o600)
    }

    /// Starts a gateway with the key in a file, at the log level `trace`.
    func start(provider: String? = nil) async throws {
        let config = try fixture.writeConfiguration { configuration in
            configuration.apiKeyFile = keyFile
            configuration.logLevel = "trace"
            configuration.maxInFlight = 1000
            configuration.tracing = "{otlp: \"\(other.origin)\"}"
            configuration.poll = .init(first: "100ms", interval: "500ms", slowest: "1s")
            if let provider { configuration.provider = provider }
        }
        let program = try fixture.startGateway(config: config, key: nil)
        let url = try await program.listeningAddress()
        gateway.withLock { $0 = GatewayUnderTest(program: program, url: url) }
    }

    private func current() throws -> GatewayUnderTest { try #require(gateway.withLock { $0 }) }

    /// Ends the gateway by a signal and records its output.
    func stop(_ signal: CInt) async throws -> CInt {
        let program = try current().program
        program.signal(signal)
        let status = await program.end()
        try record(await program.output.all())
        try record(await program.errors.all())
        return status
    }

    /// Reloads the key and waits for a log line.
    func reload(until message: String) async throws {
        try current().program.signal(SIGHUP)
        _ = try await current().program.line(of: \.errors, containing: message)
    }

    private func record(_ bytes: [UInt8]) throws {
        let number = records.wrappingAdd(1, ordering: .relaxed).newValue
        let path = try fixture.folder.write("", to: "received/\(number)")
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// Sends requests with curl and records what came back. Returns the JSON of the last response.
    @discardableResult
    func send(_ targets: [String], _ options: [String] = []) async throws -> JSONValue? {
        let url = try current().url
        let usual = ["-sSig", "--noproxy", "*", "--max-time", "20", "-H", "Content-Type: application/json"]
        let finished = try await Tools.run("curl", usual + options + targets.map { url + $0 })
        try record(finished.output + Array(finished.errors.utf8))
        let body = finished.text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false).last ?? ""
        return try? JSONValue(parsing: Array(body.utf8))
    }

    /// Submits a job with a prompt and returns the task's ID.
    @discardableResult
    func submit(_ prompt: String) async throws -> String {
        let job = GatewayUnderTest.exampleJob.replacing("A woman walking through a garden", with: prompt)
        let response = try await send(["/v1/videos/generations"], ["--data-binary", job])
        return try #require((response?["task_id"] ?? response?["id"])?.string, "\(prompt)")
    }

    func state(_ id: String) async throws -> String? {
        try await send(["/v1/tasks/\(id)"])?["gateway"]?["state"]?.string
    }

    /// Reads every resource that the index links, for each of the tasks.
    func readEverything(_ ids: [String]) async throws {
        let url = try current().url
        let links = try #require(try await send(["/"])?["links"]?.object).members.compactMap(\.value.string)
        let paths = Set(links.map { String($0.dropFirst(url.count)) })
        #expect(paths.contains("/v1/tasks/{id}"))
        let targets = paths.flatMap { path in
            path.contains("{id}") ? ids.map { path.replacing("{id}", with: $0) } : [path]
        }
        // Streams of tasks that have not ended have no end.
        let streams = targets.filter { $0.hasSuffix("/events") }
        try await send(streams, ["--max-time", "2", "--parallel", "--parallel-max", "100"])
        let rest = targets.filter { !$0.hasSuffix("/events") }
        try await send(rest + ["/readyz?verbose", "/v1/tasks?limit=100", "/nothing", "/v1/tasks/none"])
    }

    /// Returns how often each rule of the script has acted.
    func acted() async throws -> [Int64] {
        let ledger = try await Curl.get("\(fixture.provider)/_simulator/ledger?limit=0").json()
        return (ledger["script"]?.array ?? []).map { $0["acted"]?.integer ?? 0 }
    }

    /// Waits until each of the script's rules has acted twice, or its task has ended: then the gateway has
    /// processed at least one reply of each.
    ///
    /// - Parameter tasks: the index of a rule, and its task.
    func wait(for tasks: [(rule: Int, id: String)]) async throws {
        for (rule, id) in tasks {
            while try await acted()[rule] < 2 {
                try Task.checkCancellation()
                let task = try await send(["/v1/tasks/\(id)?wait=1"])
                let state = try #require(task?["gateway"]?["state"]?.string)
                if ["completed", "failed"].contains(state) { break }
            }
        }
    }

    /// Whether a text is in a response or in the output of the gateway.
    func hasRecorded(_ text: String) async throws -> Bool {
        try await Tools.run("grep", ["-rqaF", text, fixture.folder.path + "/received"]).status == 0
    }

    /// Expects no form of the key in any file of the gateway, in any response, or in a request to another
    /// host.
    func expectNoKey() async throws {
        for request in other.requests { try record(Array(request.head.utf8) + request.body) }
        let found = try await KeyForms(key).files(in: fixture.folder.path)
        #expect(found.isEmpty, "\(found.prefix(20).joined(separator: "\n"))")
    }
}
