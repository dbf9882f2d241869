import Gateway
import HTTPServing
import JSONText
import VideoJobs

/// Answers that never change while the gateway runs.
struct StaticPages: Sendable {
    let index: StaticPage
    let health = HTTPResponse.json(200, Array(#"{"status":"ok"}"#.utf8))
    let ready = HTTPResponse.json(200, Array(#"{"status":"ready"}"#.utf8))
    let models: StaticPage
    private let each: [String: StaticPage]
    private let catalog: ModelCatalog

    init(_ catalog: ModelCatalog, _ settings: APISettings) {
        self.catalog = catalog
        func page(_ value: JSONValue) -> StaticPage {
            let bytes = value.serialized()
            return StaticPage(bytes, digest: settings.sha256(bytes))
        }
        index = page(Self.index(settings))
        let shown = catalog.models.map { ($0.id, $0.shown) }
        models = page(["object": "list", "data": .array(shown.map { $0.1 })])
        each = Dictionary(uniqueKeysWithValues: shown.map { ($0, page($1)) })
    }

    func model(_ id: String) throws(Problem) -> StaticPage {
        if let page = each[id] { return page }
        var fault = Problem.Fault(.nowhere, "unknown_model", "there is no model of this id")
        fault.hint = NearestName.find(id, among: catalog.models.map(\.id)).map { "did you mean \($0)?" }
        throw Problem(404, "not_found", fault.message).with(fault)
    }

    /// Able to take jobs, with what is amiss beside that.
    static func ready(_ warnings: [ReadinessIssue]) -> HTTPResponse {
        let shown = warnings.map { warning -> JSONValue in
            ["code": .string(warning.code), "message": .string(warning.message)]
        }
        let page: JSONValue = ["status": "ready", "warnings": .array(shown)]
        return .json(200, page.serialized())
    }

    private static func index(_ settings: APISettings) -> JSONValue {
        let base = settings.publicURL
        return [
            "name": "reelgate",
            "version": .string(settings.version),
            "links": [
                "submit": .string("\(base)/v1/videos/generations"),
                "tasks": .string("\(base)/v1/tasks"),
                "task": .string("\(base)/v1/tasks/{id}"),
                "content": .string("\(base)/v1/tasks/{id}/content"),
                "cancel": .string("\(base)/v1/tasks/{id}/cancel"),
                "adopt": .string("\(base)/v1/tasks/{id}/adopt"),
                "dismiss": .string("\(base)/v1/tasks/{id}/dismiss"),
                "resubmit": .string("\(base)/v1/tasks/{id}/resubmit"),
                "resume": .string("\(base)/v1/submission/resume"),
                "models": .string("\(base)/v1/models"),
                "health": .string("\(base)/healthz"),
                "readiness": .string("\(base)/readyz"),
            ],
        ]
    }
}

extension ModelEntry {
    /// As `/v1/models` shows it.
    fileprivate var shown: JSONValue {
        [
            "id": .string(id),
            "object": "model",
            "title": title.map { .string($0) } ?? .null,
            "description": description.map { .string($0) } ?? .null,
            "mode": .string(mode),
            "estimated_seconds": estimatedSeconds.map { .integer(Int64($0)) } ?? .null,
            "parameters": parametersSchema,
            "prices": .array(prices.map(\.shown)),
        ]
    }
}

extension ModelPrice {
    fileprivate var shown: JSONValue {
        [
            "usd": .string(dollars),
            "per": .string(unit.rawValue),
            "resolution": resolution.map { .string($0) } ?? .null,
            "audio": audio.map { .bool($0) } ?? .null,
        ]
    }

    /// As text, with cents at least: money is never a floating-point number.
    private var dollars: String {
        let digits = String(microDollars % 1_000_000)
        var decimals = String(repeating: "0", count: 6 - digits.count) + digits
        while decimals.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(microDollars / 1_000_000).\(decimals)"
    }
}
