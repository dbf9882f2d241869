import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// `/v1/session`, by which a browser exchanges a client's token for a cookie.
struct SessionEndpoint: Sendable {
    let services: APIServices

    private var cookies: SessionCookies { SessionCookies(publicURL: services.settings.publicURL) }

    /// `POST /v1/session`
    func open(_ request: RouteRequest) async throws -> HTTPResponse {
        try checkAccess()
        // A session opens no other one, so that none lasts longer than its time.
        guard let token = BearerToken(request.head) else {
            throw Problem.unauthorized("a session is opened with a token")
        }
        let opened: OpenedSession?
        do throws(StoreError) {
            opened = try await services.gateway.sessions.open(
                token: services.settings.tokenDigest(token.bytes), replacing: current(request),
                digest: { services.settings.tokenDigest(Array($0.text.utf8)[...]) })
        } catch { throw GatewayError.store(error) }
        guard let opened, let client = services.gateway.clients.client(opened.session.client) else {
            throw Problem.unauthorized("the token is unknown, expired or revoked")
        }
        let page: JSONValue = [
            "object": "session", "client": .string(client.name), "role": .string(client.role.rawValue),
            "expires": .integer(opened.session.expires.seconds),
        ]
        services.gateway.recordSession(.sessionOpen, for: request.caller)
        var response = HTTPResponse.json(page.serialized())
        response.fields.append("Set-Cookie", cookies.opening(opened.secret, request.head, request.context))
        return response
    }

    /// `DELETE /v1/session`
    func close(_ request: RouteRequest) async throws -> HTTPResponse {
        try checkAccess()
        if let session = current(request) {
            do throws(StoreError) {
                if try await services.gateway.sessions.close(session) {
                    services.gateway.recordSession(.sessionClose, for: request.caller)
                }
            } catch { throw GatewayError.store(error) }
        }
        var fields = HTTPFields()
        fields.append("Set-Cookie", cookies.closing(request.head, request.context))
        fields.append("Cache-Control", "no-store")
        return HTTPResponse(status: 204, fields: fields)
    }

    private func checkAccess() throws(Problem) {
        guard services.settings.access == .tokens else {
            throw Problem(.notFound, "access is open, so there are no tokens and no sessions")
        }
    }

    /// The session that the request names.
    private func current(_ request: RouteRequest) -> TokenDigest? {
        guard case .secret(let secret) = cookies.read(request.head, request.context) else { return nil }
        return services.settings.tokenDigest(Array(secret.utf8)[...])
    }
}
