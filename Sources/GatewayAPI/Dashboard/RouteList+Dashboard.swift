import GatewayProtocol
import HTTPServing
import HTTPWire

// The page at `/`, and the routes of the dashboard, which may change with it.
extension RouteList {
    /// - Parameter routes: those that the index links.
    static func root(linking routes: [Route], _ settings: APISettings) -> [Route] {
        let index = IndexPage(settings, linking: routes)
        let pages = DashboardPages(settings)
        let page = RouteResponses.page
        return [
            Route(
                method: "GET", path: "/", link: nil,
                summary: "name, version and links of the API; the dashboard for a browser, by `Accept`",
                access: .anyone, ignoresQuery: true, responses: page,
                operation: APIOperation(
                    "getIndex", .operations, reading: [.ifNoneMatch],
                    content: [.json(.index), .media("text/html")], responseFields: [.entityTag]),
                handler: .immediate { request throws(Problem) in
                    let prefersPage = prefersPage(request.head)
                    var response =
                        prefersPage ? try pages.page(to: request.head) : try index.respond(to: request)
                    response.fields.append("Vary", "Accept")
                    return response
                }),
            Route(
                method: "GET", path: GatewayPath.dashboardFile, link: nil,
                summary: "a file of the dashboard", access: .anyone, isOfDashboard: true,
                responses: RouteResponses(
                    statuses: page.statuses, problems: page.problems.union([.notFound])),
                handler: .immediate(pages.file)),
        ]
    }

    static func dashboard(_ services: APIServices) -> [Route] {
        let session = DashboardSession(settings: services.settings)
        return [
            Route(
                method: "GET", path: GatewayPath.dashboardSession, link: nil,
                summary: "who uses the dashboard", access: .anyone, isOfDashboard: true,
                handler: .immediate { session.respond(to: $0) }),
            Route(
                method: "GET", path: GatewayPath.dashboardHealth, link: nil,
                summary: "readiness, archive and settings", access: .operator, isOfDashboard: true,
                handler: .asynchronous(DashboardHealth(services: services).respond)),
        ]
    }

    /// Whether the client would rather have HTML than JSON. A program that accepts everything would not.
    private static func prefersPage(_ head: RequestHead) -> Bool {
        let accepted = AcceptedTypes(head.fields.values("Accept"))
        return accepted.quality(of: "text", "html") > accepted.quality(of: "application", "json")
    }
}
