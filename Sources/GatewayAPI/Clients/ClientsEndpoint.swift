import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// The calls under `/v1/clients`, by which operators manage clients.
struct ClientsEndpoint: Sendable {
    let services: APIServices

    /// The longest overlap of two tokens: 30 days.
    static let overlapSecondsMax: Int64 = 30 * 86_400

    private var registry: ClientRegistry { services.gateway.clients }

    /// `GET /v1/clients`
    func list(_ request: RouteRequest) async throws -> HTTPResponse {
        let page: JSONValue = [
            "object": "list", "data": .array(registry.clients.map { .object($0.json()) }), "has_more": false,
            "next": nil,
        ]
        return .json(page.serialized())
    }

    /// `GET /v1/clients/{name}`
    func show(_ request: RouteRequest) async throws -> HTTPResponse {
        guard let client = registry.client(request.parameters["name"]) else { throw Problem.clientNotFound }
        return response(client)
    }

    /// `POST /v1/clients`
    func add(_ request: RouteRequest) async throws -> HTTPResponse {
        let body = try ClientBody(request, isNew: true, catalog: services.catalog)
        guard let name = body.name else { throw Problem(.internalError, "a client without a name") }
        let (client, token) = try await registry.add(
            name, for: request.caller, { client in for change in body.changes { change(&client) } },
            digest: digest)
        var response = response(client, token)
        response.status = 201
        response.fields.append("Location", services.settings.links.url(GatewayPath.path(client)))
        return response
    }

    /// `PATCH /v1/clients/{name}` (RFC 7396): a member that is not given stays as it is.
    func update(_ request: RouteRequest) async throws -> HTTPResponse {
        let body = try ClientBody(request, isNew: false, catalog: services.catalog)
        let changes = body.changes
        return response(
            try await registry.update(request.parameters["name"], for: request.caller) { client in
                for change in changes { change(&client) }
            })
    }

    /// `POST /v1/clients/{name}/rotate`
    func rotate(_ request: RouteRequest) async throws -> HTTPResponse {
        let overlap = try Self.overlap(request)
        let (client, token) = try await registry.rotate(
            request.parameters["name"], for: request.caller, overlap: .seconds(overlap), digest: digest)
        return response(client, token)
    }

    /// `DELETE /v1/clients/{name}`: revokes all tokens.
    func revoke(_ request: RouteRequest) async throws -> HTTPResponse {
        if !request.body.isEmpty { try JSONBody.checkMediaType(request.head) }
        return response(try await registry.revoke(request.parameters["name"], for: request.caller))
    }

    private func digest(_ token: ClientToken) -> TokenDigest {
        services.settings.tokenDigest(Array(token.text.utf8)[...])
    }

    private func response(_ client: Client, _ token: ClientToken? = nil) -> HTTPResponse {
        var document = client.json(token)
        if case .open = services.settings.access {
            document[ClientMember.warnings.rawValue] = .array([.string(Self.openAccess)])
        }
        return .json(JSONValue.object(document).serialized())
    }

    private static let openAccess =
        "access is open, so tokens, limits and budgets have no effect until the configuration has "
        + "access: {clients: tokens}"

    private static func overlap(_ request: RouteRequest) throws(Problem) -> Int64 {
        if request.body.isEmpty { return 0 }
        let name = ClientMember.overlapSeconds.rawValue
        guard let object = try JSONBody.parse(request).object,
            object.members.allSatisfy({ $0.name == name })
        else {
            throw Problem(
                .invalidParameters, "the body must be {\"\(name)\":SECONDS}", at: .pointer(""))
        }
        guard let value = object[name] else { return 0 }
        guard let seconds = value.integer, (0...overlapSecondsMax).contains(seconds) else {
            throw Problem(
                .invalidParameters, "\(name) must be a whole number from 0 to \(overlapSecondsMax)",
                at: .pointer("/\(name)"))
        }
        return seconds
    }
}

extension Problem {
    fileprivate static let clientNotFound = Problem(.notFound, "there is no such client")

    /// A client that was not changed.
    init(_ error: ClientError) {
        switch error {
        case .exists(let name):
            self.init(.clientExists, "the client \(name) exists", at: .pointer("/name"))
        case .notFound: self = .clientNotFound
        case .tooMany: self.init(.tooManyClients, "the gateway has \(ClientRegistry.clientsMax) clients")
        case .store(let error): self.init(GatewayError.store(error))
        }
    }
}

extension GatewayPath {
    fileprivate static func path(_ client: Client) -> String {
        path(Self.client, client: client.name)
    }
}
