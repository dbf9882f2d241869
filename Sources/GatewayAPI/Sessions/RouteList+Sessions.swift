import Gateway
import GatewayProtocol

// The routes of sessions.
extension RouteList {
    static func sessions(_ services: APIServices) -> [Route] {
        let sessions = SessionEndpoint(services: services)
        return [
            Route(
                method: "POST", path: GatewayPath.session, link: "session",
                summary: "exchanges a token for a browser's cookie, for 12 hours or until the token ends",
                action: .sessionOpen, responses: RouteResponses(problems: [.notFound]),
                operation: APIOperation(
                    "openSession", .sessions, content: [.json(.session)], responseFields: [.setCookie]),
                handler: .asynchronous(sessions.open)),
            Route(
                method: "DELETE", path: GatewayPath.session, link: nil, summary: "signs the browser out",
                action: .sessionClose, responses: RouteResponses(statuses: [204], problems: [.notFound]),
                operation: APIOperation("closeSession", .sessions, responseFields: [.setCookie]),
                handler: .asynchronous(sessions.close)),
        ]
    }
}
