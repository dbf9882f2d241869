import Gateway
import GatewayProtocol
import JSONText
import VideoJobs

/// The description of the API in OpenAPI 3.1, derived from the routes and the catalog.
struct OpenAPIDocument {
    private let routes: [Route]
    private let catalog: ModelCatalog
    private let settings: APISettings
    private let acceptsCallbacks: Bool

    /// - Parameter acceptsCallbacks: Whether a job may have a `callback_url` now.
    init(_ routes: [Route], _ services: APIServices, acceptsCallbacks: Bool) {
        self.routes = routes
        self.acceptsCallbacks = acceptsCallbacks
        catalog = services.catalog
        settings = services.settings
    }

    var json: JSONValue {
        var document: JSONObject = [
            "openapi": "3.1.1", "info": info, "servers": [["url": .string(settings.publicURL)]],
            "tags": .array(tags), "paths": .object(paths), "components": .object(components),
        ]
        if settings.access == .tokens { document["security"] = [["token": []], ["session": []]] }
        return .object(document)
    }

    private var info: JSONValue {
        [
            "title": "Reelgate", "version": .string(settings.version),
            "summary": "A gateway in front of a paid video API",
            "description": """
            Every response has `X-Request-Id`. GET endpoints serve HEAD too. Errors are \
            `application/problem+json`; `error.code` is one of the codes in Problem.
            """,
        ]
    }

    private var tags: [JSONValue] {
        let used = Set(routes.compactMap(\.operation?.tag))
        return APITag.allCases.filter(used.contains).map {
            ["name": .string($0.rawValue), "description": .string($0.summary)]
        }
    }

    /// The operations by path, in the order of the routes.
    private var paths: JSONObject {
        var paths = JSONObject()
        for route in routes {
            guard let operation = route.operation else { continue }
            var item = paths[route.path]?.object ?? JSONObject()
            let description = OperationDescription(route, operation, settings)
            item[route.method.lowercased()] = description.json
            paths[route.path] = .object(item)
        }
        return paths
    }
}

// Components.
extension OpenAPIDocument {
    private var components: JSONObject {
        [
            "schemas": .object(JobSchemas(catalog, acceptsCallbacks: acceptsCallbacks).adding(to: schemas)),
            "responses": .object(ProblemResponses.components),
            "parameters": .object(
                JSONObject(RequestField.allCases.map { .init($0.rawValue, $0.parameter) })),
            "headers": .object(JSONObject(ResponseField.allCases.map { .init($0.rawValue, $0.header) })),
            "securitySchemes": securitySchemes,
        ]
    }

    private var schemas: JSONObject {
        JSONObject(
            SchemaName.allCases.compactMap { name in name.schema.map { .init(name.rawValue, $0.json) } })
    }

    private var securitySchemes: JSONValue {
        [
            "token": [
                "type": "http", "scheme": "bearer",
                "description": "the token of a client, which an operator gives out",
            ],
            "session": [
                "type": "apiKey", "in": "cookie",
                "name": .string(SessionCookies(publicURL: settings.publicURL).configuredName),
                "description": "the cookie that a browser gets for a token",
            ],
        ]
    }
}
