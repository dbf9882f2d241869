import Gateway
import GatewayProtocol

// The routes of clients.
extension RouteList {
    private static let issues: Set<ProblemCode> = [.malformedJSON, .unsupportedMediaType, .invalidParameters]

    static func clients(_ services: APIServices) -> [Route] {
        let clients = ClientsEndpoint(services: services)
        return [
            Route(
                method: "GET", path: GatewayPath.clients, link: "clients", summary: "all clients",
                access: .operator,
                operation: APIOperation("listClients", .clients, content: [.json(.clientList)]),
                handler: .asynchronous(clients.list)),
            addition(clients),
            Route(
                method: "GET", path: GatewayPath.client, link: nil, summary: "one client",
                access: .operator, responses: RouteResponses(problems: [.notFound]),
                operation: APIOperation("getClient", .clients, content: [.json(.client)]),
                handler: .asynchronous(clients.show)),
            Route(
                method: "PATCH", path: GatewayPath.client, link: nil,
                summary: "changes role, models, limits, budget or weight; effective at once",
                access: .operator, action: .clientSet, body: .json,
                responses: RouteResponses(problems: issues.union([.notFound])),
                operation: APIOperation(
                    "changeClient", .clients, body: .clientChange, content: [.json(.client)]),
                handler: .asynchronous(clients.update)),
            Route(
                method: "DELETE", path: GatewayPath.client, link: nil,
                summary: "revokes all tokens of a client; its tasks stay", access: .operator,
                action: .clientRevoke, body: .optionalJSON,
                responses: RouteResponses(problems: [.notFound, .unsupportedMediaType]),
                operation: APIOperation("revokeClient", .clients, content: [.json(.client)]),
                handler: .asynchronous(clients.revoke)),
            rotation(clients),
        ]
    }

    private static func addition(_ clients: ClientsEndpoint) -> Route {
        Route(
            method: "POST", path: GatewayPath.clients, link: nil,
            summary: "adds a client; the response is the only one with its token", access: .operator,
            action: .clientAdd, body: .json,
            responses: RouteResponses(
                statuses: [201], problems: issues.union([.clientExists, .tooManyClients])),
            operation: APIOperation(
                "addClient", .clients, body: .newClient, content: [.json(.client)],
                responseFields: [.location],
                links: APILink.client("getClient", "changeClient", "rotateToken", "revokeClient")),
            handler: .asynchronous(clients.add))
    }

    private static func rotation(_ clients: ClientsEndpoint) -> Route {
        Route(
            method: "POST", path: GatewayPath.clientRotation, link: nil,
            summary: "a new token; `{\"overlap_seconds\":N}` keeps the earlier one valid for a while",
            access: .operator, action: .clientRotate, body: .optionalJSON,
            responses: RouteResponses(problems: issues.union([.notFound])),
            operation: APIOperation(
                "rotateToken", .clients, body: .tokenRotation, content: [.json(.client)]),
            handler: .asynchronous(clients.rotate))
    }
}
