import Gateway
import GatewayFakes
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

/// The HTTP API over a gateway with a manual clock and a scripted provider. Requests pass through the handler
/// as they do from a server.
final class APIHarness {
    let world: GatewayHarness
    var settings: APISettings
    private let observers = CurrentObservers()
    private var described: (access: ClientAccess, check: SchemaCheck)?

    init(
        gateway settings: GatewaySettings = GatewaySettings(), models: String = APIHarness.models
    ) throws {
        var settings = settings
        settings.catalog = try ModelCatalog(decoding: try JSONValue(parsing: Array(models.utf8)))
        world = GatewayHarness(settings: settings) { [observers] in observers.renew() }
        let clock = world.clock
        self.settings = APISettings(
            publicURL: Self.publicURL, listen: ["127.0.0.1:8031"],
            sha256: { "\($0.count):\($0.reduce(0) { $0 &* 31 &+ Int($1) })" },
            tokenDigest: { Self.digest($0) },
            monotonic: { .milliseconds(clock.monotonic().milliseconds) })
    }

    /// Stands for SHA-256: different for different tokens.
    static func digest(_ token: ArraySlice<UInt8>) -> TokenDigest {
        var bytes = [UInt8](repeating: 0, count: 32)
        for (index, byte) in token.enumerated() { bytes[index % 32] = bytes[index % 32] &* 31 &+ byte }
        guard let digest = TokenDigest(bytes) else { preconditionFailure("32 bytes") }
        return digest
    }

    static let publicURL = "http://127.0.0.1:8031"

    /// The catalog.
    static let models = """
        {"models":[
          {"id":"veo-3.1-reference-to-video","mode":"reference-to-video","estimated_seconds":45,
           "parameters":[{"prompt":{"type":"string","required":true}},
             {"reference_image_urls":{"type":"url_list","required":true,"min_items":1,"max_items":3}}],
           "prices":[{"usd":"0.20","per":"second","resolution":"720p","audio":false},
             {"usd":"1.234567","per":"video"}]},
          {"id":"google/veo-3.1","mode":"text-to-video",
           "parameters":[{"prompt":{"type":"string","required":true}}]}]}
        """

    /// A valid job.
    static let job = """
        {"model":"veo-3.1-reference-to-video","prompt":"A woman walking through a garden",\
        "reference_image_urls":["https://example.com/ref1.jpg"]}
        """

    /// The API of the gateway that was started last.
    var handler: any HTTPHandler { GatewayHandler(services, RouteList(services)).behindAccessControl }

    /// What endpoints of the gateway that was started last work with.
    var services: APIServices {
        APIServices(
            gateway: world.gateway, responses: observers.current.responses,
            events: observers.current.events, settings: settings)
    }

    /// The live part of the event streams.
    var hub: EventHub { observers.current.events }

    var provider: ScriptedProvider { world.provider }

    /// Sends a request and runs until every task is suspended.
    func start(_ request: TestRequest) -> StartedWork<TestResponse> {
        let handler = handler
        let request = request.request
        let list = RouteList(services)
        let document = description(list)
        return world.executor.start {
            let response = TestResponse(await handler.respond(to: request))
            list.expectDeclared(response, to: request.head, in: document)
            return response
        }
    }

    /// Returns the description of the API, rendered again only after a change of access.
    private func description(_ list: RouteList) -> SchemaCheck {
        if let described, described.access == settings.access { return described.check }
        let document = OpenAPIDocument(list.routes, services, acceptsCallbacks: true)
        let check = SchemaCheck(document: document.json)
        described = (settings.access, check)
        return check
    }

    /// Sends a request whose response needs no time to pass.
    func ask(_ request: TestRequest, _ location: SourceLocation = #_sourceLocation) throws -> TestResponse {
        try #require(start(request).result, sourceLocation: location)
    }

    /// Sends a job.
    func submit(_ fields: [String: String] = [:], body: String = APIHarness.job) throws -> TestResponse {
        try ask(.post("/v1/videos/generations", body, fields))
    }

    /// Whether the response to this request needs nothing awaited.
    func respondsAtOnce(_ request: TestRequest) -> Bool {
        handler.handle(request.request.head, request.request.context).responseAtOnce != nil
    }
}

/// The observers of the gateway that was started last.
private final class CurrentObservers {
    private(set) var current = APIObservers(publicURL: APIHarness.publicURL)

    func renew() -> [any TaskObserver] {
        current = APIObservers(publicURL: APIHarness.publicURL)
        return current.all
    }
}

extension RouteList {
    /// Records an issue if the route of a request does not declare a response, or if the description of the
    /// API has another one.
    fileprivate func expectDeclared(
        _ response: TestResponse, to head: RequestHead, in document: SchemaCheck
    ) {
        guard case .found(let route, _) = router.find(head) else { return }
        let isDeclared =
            response.status < 400
            ? route.responses.statuses.contains(response.status)
            : response.code.flatMap(ProblemCode.init).map {
                route.responses.problems.contains($0) || RouteResponses.common.contains($0)
            } ?? false
        if !isDeclared {
            Issue.record("\(route.method) \(route.path) does not declare \(response.verdict)")
        }
        // The dashboard's own calls are not described.
        guard route.operation != nil else { return }
        let operation = document.document["paths"]?[route.path]?[route.method.lowercased()]
        let differences = document.differences(response, in: operation)
        if !differences.isEmpty {
            Issue.record("\(route.method) \(route.path) \(response.status): \(differences)")
        }
    }
}

extension SchemaCheck {
    /// Returns how a response differs from its description.
    fileprivate func differences(_ response: TestResponse, in operation: JSONValue?) -> [String] {
        guard var described = operation?["responses"]?[String(response.status)] else {
            return ["the status is not described"]
        }
        if let reference = described["$ref"]?.string { described = resolve(reference) ?? described }
        guard let type = response["Content-Type"], let json = response.json else { return [] }
        guard let schema = described["content"]?[type]?["schema"] else {
            return ["\(type) is not described"]
        }
        return differences(json, schema)
    }
}
