import Gateway
import GatewayAPI
import GatewayFakes
import HTTPServing
import HTTPWire
import JSONText
import Testing
import VideoJobs

/// The HTTP face over a gateway that does nothing until told; requests take the way that the server gives
/// them.
final class APIWorld {
    let world: GatewayWorld
    var settings: APISettings
    private let catalog: ModelCatalog
    private let responses = CurrentResponses()

    init(gateway settings: GatewaySettings = GatewaySettings()) throws {
        world = GatewayWorld(settings: settings) { [responses] in [responses.renew()] }
        catalog = try ModelCatalog(decoding: try JSONValue(parsing: Array(Self.models.utf8)))
        let clock = world.clock
        self.settings = APISettings(
            publicURL: Self.publicURL, listen: ["127.0.0.1:8031"],
            sha256: { "\($0.count):\($0.reduce(0) { $0 &* 31 &+ Int($1) })" },
            monotonic: { .milliseconds(clock.monotonic().milliseconds) })
    }

    static let publicURL = "http://127.0.0.1:8031"

    private static let models = """
        {"models":[
          {"id":"veo-3.1-reference-to-video","mode":"reference-to-video","estimated_seconds":45,
           "parameters":[{"prompt":{"type":"string","required":true}},
             {"reference_image_urls":{"type":"url_list","required":true,"min_items":1,"max_items":3}}],
           "prices":[{"usd":"0.20","per":"second","resolution":"720p","audio":false},
             {"usd":"1.234567","per":"video"}]},
          {"id":"google/veo-3.1","mode":"text-to-video",
           "parameters":[{"prompt":{"type":"string","required":true}}]}]}
        """

    /// A job that keeps every rule.
    static let job = """
        {"model":"veo-3.1-reference-to-video","prompt":"A woman walking through a garden",\
        "reference_image_urls":["https://example.com/ref1.jpg"]}
        """

    /// Over the gateway as it is since its last start.
    var handler: any HTTPHandler {
        GatewayHandler(
            gateway: world.gateway, responses: responses.current, catalog: catalog, settings: settings
        ).behindAccessControl
    }

    var provider: ScriptedProvider { world.provider }

    /// Sends a request and runs until everything waits.
    func start(_ request: Ask) -> Started<Answer> {
        let handler = handler
        let request = request.request
        return world.executor.start { Answer(await handler.respond(to: request)) }
    }

    /// Sends a request that is answered without time passing.
    func ask(_ request: Ask, _ location: SourceLocation = #_sourceLocation) throws -> Answer {
        try #require(start(request).result, sourceLocation: location)
    }

    /// Sends a job.
    func submit(_ fields: [String: String] = [:], body: String = APIWorld.job) throws -> Answer {
        try ask(.post("/v1/videos/generations", body, fields))
    }

    /// Whether the response to this request needs nothing awaited.
    func answersNow(_ request: Ask) -> Bool {
        guard case .respond = handler.handle(request.request.head, request.request.context).action else {
            return false
        }
        return true
    }
}

/// The response cache of the gateway that was started last.
private final class CurrentResponses {
    private(set) var current = TaskResponses(publicURL: APIWorld.publicURL)

    func renew() -> TaskResponses {
        current = TaskResponses(publicURL: APIWorld.publicURL)
        return current
    }
}

/// A request in the making.
struct Ask {
    var request: HTTPRequest

    private init(_ method: String, _ target: String, _ fields: [String: String], body: String? = nil) {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var head = RequestHead(
            method: method, path: String(parts[0]), query: parts.count == 2 ? String(parts[1]) : nil,
            authority: fields["Host"] ?? "127.0.0.1:8031")
        if body != nil, fields["Content-Type"] == nil {
            head.fields.append("Content-Type", "application/json")
        }
        for (name, value) in fields where !value.isEmpty { head.fields.append(name, value) }
        let bytes = Array((body ?? "").utf8)
        head.contentLength = Int64(bytes.count)
        request = HTTPRequest(head: head, body: bytes, context: RequestContext(requestID: "req-1"))
    }

    static func get(_ target: String, _ fields: [String: String] = [:]) -> Ask { Ask("GET", target, fields) }

    static func head(_ target: String, _ fields: [String: String] = [:]) -> Ask {
        Ask("HEAD", target, fields)
    }

    static func post(_ target: String, _ body: String? = nil, _ fields: [String: String] = [:]) -> Ask {
        Ask("POST", target, fields, body: body)
    }

    static func other(_ method: String, _ target: String, _ fields: [String: String] = [:]) -> Ask {
        Ask(method, target, fields)
    }
}

/// An answer with what tests ask of it.
struct Answer: Sendable {
    let response: HTTPResponse

    init(_ response: HTTPResponse) { self.response = response }

    var status: Int { response.status }
    subscript(field: String) -> String? { response.fields[field] }

    var text: String {
        switch response.body {
        case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
        case .none: ""
        case .file(let path, let offset, let length): "\(path)[\(offset)..+\(length)]"
        case .stream: "stream"
        }
    }

    var json: JSONValue? { try? JSONValue(parsing: Array(text.utf8)) }

    /// The contract's code of a problem, which must stand there as SDKs read it.
    var code: String? { json?["error"]?["code"]?.string }
    var task: String? { json?["id"]?.string ?? json?["task_id"]?.string }
    var state: String? { json?["gateway"]?["state"]?.string }
    /// What decides over a retry: status, code and the field that forbids it.
    var verdict: String { "\(status) \(code ?? "-") \(self["x-should-retry"] ?? "-")" }
}
