import VideoJobs

/// Quotes jobs: judges them as an admission does, without storing anything.
struct QuoteService: Sendable {
    let ports: GatewayPorts
    let clients: ClientRegistry
    let submissions: SubmissionService
    let health: StoreHealth
    let webhooks: WebhookService

    /// Returns the quote of a job of a caller; of the budget alone for a job that is not valid.
    func quote(_ job: VideoJob?, for caller: Caller) async throws(GatewayError) -> JobQuote {
        var quote = JobQuote(budget: try await budget(of: caller.client))
        guard let job else { return quote }
        if clients.client(caller.client)?.mayUse(model: job.model) == false {
            quote.refusals.append(.modelNotAllowed(job.model, client: caller.client))
        }
        if let refusal = await webhooks.refusal(of: job) { quote.refusals.append(refusal) }
        if submissions.isQueueFull { quote.refusals.append(.queueFull) }
        if let limit = try await submissions.limit(on: job, for: caller) {
            quote.refusals.append(
                .limited(LimitedJob(limit, client: caller.client, price: job.price)))
        }
        quote.estimatedSeconds = submissions.estimatedSeconds(of: job)
        quote.queuePosition = submissions.nextPosition(of: job, for: caller.client)
        return quote
    }

    private func budget(of client: String) async throws(GatewayError) -> JobQuote.Budget? {
        guard let budget = clients.client(client)?.budget else { return nil }
        let period = budget.period(of: ports.clock.now())
        let consumed = try await health.throwingGatewayError { () throws(StoreError) in
            try await ports.store.consumption(of: client, since: period.start)
        }
        return JobQuote.Budget(left: budget.microdollars - consumed, resets: period.end)
    }
}
