import GatewayProtocol
import HTTPServing
import JSONText
import VideoJobs

/// `GET /v1/models` and `GET /v1/models/{id}`: the catalog, rendered once.
struct ModelPages: Sendable {
    private let list: StaticPage
    private let pages: [String: StaticPage]
    private let ids: [String]

    init(_ catalog: ModelCatalog, _ settings: APISettings) {
        let documents = catalog.models.map { ($0.id, $0.document) }
        list = StaticPage(["object": "list", "data": .array(documents.map { $0.1 })], settings)
        pages = Dictionary(uniqueKeysWithValues: documents.map { ($0, StaticPage($1, settings)) })
        ids = catalog.models.map(\.id)
    }

    /// Returns the list of models.
    func respondWithList(to request: RouteRequest) throws(Problem) -> HTTPResponse {
        try list.response(to: request.head)
    }

    /// Returns one model.
    func respond(to request: RouteRequest) throws(Problem) -> HTTPResponse {
        let id = request.id
        guard let page = pages[id] else {
            let message = "there is no model of this id"
            var problem = Problem(.notFound, message)
            var issue = RequestIssue(.none, .unknownModel, message)
            issue.hint = NearestName.find(id, among: ids).map { "did you mean \($0)?" }
            problem.issues = [issue]
            throw problem
        }
        return try page.response(to: request.head)
    }
}

extension ModelEntry {
    /// The model as `/v1/models` shows it.
    fileprivate var document: JSONValue {
        [
            "id": .string(id),
            "object": "model",
            "title": title.map { .string($0) } ?? .null,
            "description": description.map { .string($0) } ?? .null,
            "mode": .string(mode),
            "estimated_seconds": estimatedSeconds.map { .integer(Int64($0)) } ?? .null,
            "lifecycle": lifecycle.document,
            "parameters": parametersSchema,
            "prices": .array(prices.map(\.document)),
            "prices_confirmed": .bool(pricesConfirmed),
        ]
    }
}

extension ModelLifecycle {
    fileprivate var document: JSONValue {
        [
            "status": .string(status.rawValue),
            "since": since.map { .string($0.description) } ?? .null,
            "until": until.map { .string($0.description) } ?? .null,
            "successor": successor.map { .string($0) } ?? .null,
        ]
    }
}

extension ModelPrice {
    fileprivate var document: JSONValue {
        [
            "usd": .string(Dollars.text(microDollars)),
            "per": .string(unit.rawValue),
            "resolution": resolution.map { .string($0) } ?? .null,
            "audio": audio.map { .bool($0) } ?? .null,
        ]
    }
}
