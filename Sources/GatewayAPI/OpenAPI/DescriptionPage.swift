import Gateway
import HTTPServing
import JSONText
import Synchronization

/// `GET /openapi.json`: the description of the API, rendered at the first request.
final class DescriptionPage: Sendable {
    private let services: APIServices
    /// The page, and whether it says that jobs may have a `callback_url`, which a reload can change.
    private let current = Mutex<(page: StaticPage, acceptsCallbacks: Bool)?>(nil)

    init(_ services: APIServices) { self.services = services }

    /// Rendering takes too long for a turn of the loop.
    var handler: RouteHandler {
        .eager(
            { request throws(Problem) in try self.rendered?.response(to: request.head) },
            otherwise: { try self.render().response(to: $0.head) })
    }

    /// The page if it is still right.
    private var rendered: StaticPage? {
        let acceptsCallbacks = services.gateway.acceptsCallbacks
        return current.withLock { $0?.acceptsCallbacks == acceptsCallbacks ? $0?.page : nil }
    }

    private func render() -> StaticPage {
        if let rendered { return rendered }
        let acceptsCallbacks = services.gateway.acceptsCallbacks
        let document = OpenAPIDocument(
            RouteList(services).routes, services, acceptsCallbacks: acceptsCallbacks)
        let page = StaticPage(document.json, services.settings)
        current.withLock { $0 = (page, acceptsCallbacks) }
        return page
    }
}
