import Gateway
import HTTPServing
import VideoJobs

/// What endpoints work with.
struct APIServices: Sendable {
    let gateway: VideoGateway
    let responses: TaskResponseCache
    let events: EventHub
    let settings: APISettings

    /// The catalog in force.
    var catalog: ModelCatalog { gateway.models.catalog }

    /// Returns a problem's response.
    func render(_ problem: Problem, _ context: RequestContext) -> HTTPResponse {
        problem.response(requestID: context.requestID, publicURL: settings.publicURL)
    }
}
