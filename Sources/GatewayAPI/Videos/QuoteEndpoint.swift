import Gateway
import GatewayProtocol
import HTTPServing
import JSONText
import VideoJobs

/// `POST /v1/videos/quote`: what a job would cost. Spends nothing and stores nothing.
struct QuoteEndpoint: Sendable {
    let services: APIServices

    func respond(to request: RouteRequest) async throws -> HTTPResponse {
        let (job, issues) = try validate(request.body)
        let quote = try await services.gateway.quote(job, for: request.caller)
        var response = HTTPResponse.json(
            Self.document(job, quote, issues + quote.refusals.flatMap(Self.issues)))
        if let job { response.fields.append(lifecycleOf: job.model, services, at: services.gateway.now) }
        return response
    }

    /// Returns the job, or its issues. Throws for a body that is not JSON.
    private func validate(_ body: [UInt8]) throws -> (VideoJob?, [RequestIssue]) {
        do {
            let limits = JSONLimits(bytes: services.settings.bodyLimit)
            return (try services.catalog.validate(body, limits: limits), [])
        } catch {
            let problem = Problem(error)
            guard problem.code != .malformedJSON else { throw problem }
            return (nil, problem.issues)
        }
    }

    /// Returns why a job would not be admitted, with the code of that response.
    private static func issues(_ refusal: GatewayError) -> [RequestIssue] {
        let problem = Problem(refusal)
        let location = problem.issues.first?.location ?? .none
        return [RequestIssue(location, problem.code, problem.detail)]
    }

    private static func document(_ job: VideoJob?, _ quote: JobQuote, _ issues: [RequestIssue]) -> [UInt8] {
        var writer = JSONWriter(reserving: 512)
        writer.beginObject()
        writer.member(QuoteMember.object.rawValue, "quote")
        writer.name(QuoteMember.price.rawValue)
        if let price = job?.price {
            writer.beginObject()
            writer.member(QuoteMember.microdollars.rawValue, price)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.name(QuoteMember.budget.rawValue)
        if let budget = quote.budget {
            writer.beginObject()
            writer.member(QuoteMember.before.rawValue, budget.left)
            writer.member(QuoteMember.after.rawValue, budget.left - (job?.price ?? 0))
            writer.member(QuoteMember.resets.rawValue, budget.resets.seconds)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.member(QuoteMember.queuePosition.rawValue, quote.queuePosition)
        writer.member(QuoteMember.estimatedTime.rawValue, quote.estimatedSeconds)
        writer.name(QuoteMember.errors.rawValue)
        writer.beginArray()
        for issue in issues { issue.write(to: &writer) }
        writer.endArray()
        writer.endObject()
        return writer.bytes
    }
}
