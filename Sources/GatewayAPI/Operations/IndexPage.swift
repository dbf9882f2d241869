import HTTPServing
import JSONText

/// `GET /`: the name, the version and the links of the API.
struct IndexPage: Sendable {
    private let page: StaticPage

    init(_ settings: APISettings, linking routes: [Route]) {
        let links = routes.compactMap { route in
            route.link.map { JSONObject.Member($0, .string(settings.links.url(route.path))) }
        }
        page = StaticPage(
            [
                "name": "reelgate",
                "version": .string(settings.version),
                "links": .object(JSONObject(links)),
            ], settings)
    }

    func respond(to request: RouteRequest) throws(Problem) -> HTTPResponse {
        try page.response(to: request.head)
    }
}
