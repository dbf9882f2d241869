import HTTPServing
import HTTPWire
import JSONText
import Simulator
import Testing
import VideoJobs

/// A harness for the simulated provider as a value, with a manual clock.
struct SimulatedProviderHarness {
    static let start = Timestamp(milliseconds: 1_757_165_031_000)

    var provider: SimulatedProvider
    var wall = Self.start

    init(seconds: Int = 100, script: String = "[]", limits: SimulatorLimits = SimulatorLimits()) throws {
        provider = try SimulatedProvider(
            taskLength: .seconds(seconds), script: Array(script.utf8), seed: 7, limits: limits)
    }

    /// The job of the provider's example.
    static let job: JSONValue = [
        "model": "veo-3.1-reference-to-video", "prompt": "A woman walking through a garden",
        "reference_image_urls": ["https://example.com/ref1.jpg"],
    ]

    static func job(with changes: JSONObject) -> JSONValue {
        var job = Self.job.object!
        for change in changes.members { job[change.name] = change.value }
        return .object(job)
    }

    mutating func ask(
        _ method: String, _ target: String, _ body: [UInt8] = [], key: String? = "sk-secret-1234"
    ) -> SimulatedResponse {
        let parts = target.split(separator: "?", maxSplits: 1)
        var head = RequestHead(
            method: method, path: String(parts[0]), query: parts.count == 2 ? String(parts[1]) : nil,
            authority: "127.0.0.1:8032")
        if let key { head.fields.append("Authorization", "Bearer \(key)") }
        let request = HTTPRequest(head: head, body: body, context: RequestContext(requestID: "r"))
        return provider.respond(to: request, at: wall)
    }

    /// Sends a create and returns the response.
    mutating func create(_ job: JSONValue = Self.job) -> SimulatedResponse {
        ask("POST", "/v1/videos/generations", job.serialized())
    }

    /// Sends a create that must be accepted and returns the task's ID.
    mutating func accepted(_ job: JSONValue = Self.job) throws -> String {
        let response = create(job)
        try #require(response.response.status == 200)
        return try #require(response.json["id"]?.string)
    }

    mutating func status(_ id: String) -> SimulatedResponse { ask("GET", "/v1/tasks/\(id)") }

    /// Returns the path and query of a completed task's result.
    mutating func link(_ id: String) throws -> String {
        let url = try #require(status(id).json["results"]?.array?.first?["url"]?.string)
        let origin = "http://127.0.0.1:8032"
        try #require(url.hasPrefix(origin))
        return String(url.dropFirst(origin.count))
    }

    /// Advances the clock.
    mutating func wait(_ seconds: Int) { wall = wall + .seconds(seconds) }

    mutating func setScript(_ script: String) throws {
        let response = ask("POST", "/_simulator/script", Array(script.utf8))
        try #require(response.response.status == 200, "\(response.text)")
    }

    mutating func ledger() -> JSONValue { ask("GET", "/_simulator/ledger").json }

    mutating func advance(_ interval: String) -> SimulatedResponse {
        ask("POST", "/_simulator/clock", Array(#"{"advance":\#(interval)}"#.utf8))
    }
}

extension SimulatedResponse {
    var bytes: [UInt8] {
        switch response.body {
        case .bytes(let bytes): bytes
        case .none, .file, .stream: []
        }
    }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    /// The body as JSON; null if it is invalid, which no test expects.
    var json: JSONValue { (try? JSONValue(parsing: bytes, limits: JSONLimits(bytes: 1 << 24))) ?? .null }
    var status: Int { response.status }
    func field(_ name: String) -> String? { response.fields[name] }
    var errorCode: String? { json["error"]?["code"]?.string }
}
