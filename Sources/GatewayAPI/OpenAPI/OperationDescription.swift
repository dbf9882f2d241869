import GatewayProtocol
import HTTPWire
import JSONText

/// One operation in the description of the API: a route as OpenAPI describes it.
struct OperationDescription {
    private let route: Route
    private let operation: APIOperation
    private let settings: APISettings

    init(_ route: Route, _ operation: APIOperation, _ settings: APISettings) {
        self.route = route
        self.operation = operation
        self.settings = settings
    }

    var json: JSONValue {
        var object: JSONObject = [
            "operationId": .string(operation.name), "summary": .string(route.summary),
            "tags": [.string(operation.tag.rawValue)],
        ]
        let parameters = parameters
        if !parameters.isEmpty { object["parameters"] = .array(parameters) }
        object["requestBody"] = requestBody
        object["responses"] = .object(JSONObject(successes + ProblemResponses(problems).members))
        if settings.access == .tokens, route.access == .anyone || route.access == .healthCheck {
            object["security"] = []
        }
        return .object(object)
    }

    private var parameters: [JSONValue] {
        let names = route.path.split(separator: "/").filter { $0.hasPrefix("{") }
        let path = names.map { name -> JSONValue in
            [
                "name": .string(String(name.dropFirst().dropLast())), "in": "path", "required": true,
                "schema": JSONSchema.string.with("minLength", 1).json,
            ]
        }
        return path + route.parameters.map(\.description)
            + operation.fields.map { ["$ref": .string($0.reference)] }
    }

    private var requestBody: JSONValue? {
        guard let body = operation.body else { return nil }
        return [
            "required": .bool(route.body == .json),
            "content": ["application/json": ["schema": JSONSchema.ref(body).json]],
        ]
    }

    /// The error codes of the route, and those of every route with its access.
    private var problems: Set<ProblemCode> {
        var codes = route.responses.problems.union(RouteResponses.common).union(RouteResponses.transport)
        if settings.access == .open {
            codes.subtract([.unauthorized])
            // The limit of a client; the provider's is an error of its own.
            if !route.responses.problems.contains(.rateLimited) { codes.remove(.rateLimited) }
        }
        return codes
    }
}

// Successful responses.
extension OperationDescription {
    private var successes: [JSONObject.Member] {
        route.responses.statuses.sorted().map { .init(String($0), success($0)) }
    }

    private func success(_ status: Int) -> JSONValue {
        var response: JSONObject = ["description": .string(HTTPStatus.reason(status))]
        let fields = [.requestID] + operation.responseFields.filter { $0.isFound(in: status) }
        response["headers"] = .object(
            JSONObject(fields.map { .init($0.rawValue, ["$ref": .string($0.reference)]) }))
        guard status < 300, status != 204 else { return .object(response) }
        response["content"] = .object(JSONObject(operation.content.map(\.member)))
        if !operation.links.isEmpty {
            response["links"] = .object(JSONObject(operation.links.map(\.json)))
        }
        return .object(response)
    }
}

extension QueryParameter {
    /// The parameter in the description of the API.
    fileprivate var description: JSONValue {
        var object: JSONObject = ["name": .string(name), "in": "query", "schema": schema.json]
        if !summary.isEmpty { object["description"] = .string(summary) }
        if values == .anyText { object["allowEmptyValue"] = true }
        return .object(object)
    }

    private var schema: JSONSchema {
        switch values {
        case .text: .string.with("minLength", 1)
        case .anyText: .string
        case .pattern(let pattern): .string.with("pattern", .string(pattern))
        case .integers(let range): .integer(range)
        case .choice(let values): .choice(values)
        }
    }
}
