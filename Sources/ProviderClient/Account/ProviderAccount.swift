import CrashPoints
import Gateway
package import HTTPFetching
package import VideoJobs

/// The client of the provider's API, and the only owner of the key.
///
/// A create is exactly one request; it is never repeated here, whatever its outcome.
package final class ProviderAccount: VideoProvider {
    private let key: APIKey
    private let settings: ProviderSettings
    private let fetcher: HTTPFetcher
    private let now: @Sendable () -> Timestamp
    private let submissions: SubmissionClassifier
    private let polls: PollClassifier
    private let results: ResultDownloader

    /// Creates a client with the fetcher's User-Agent. `now` is the origin of a date in `Retry-After` if a
    /// response has no `Date`.
    package init(
        key: APIKey, settings: ProviderSettings, fetcher: HTTPFetcher,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.key = key
        self.settings = settings
        self.fetcher = fetcher
        self.now = now
        let vocabulary = settings.vocabulary
        let reader = ReportReader(key: key, base: settings.resultBase, vocabulary: vocabulary)
        self.submissions = SubmissionClassifier(key: key, reader: reader, vocabulary: vocabulary)
        self.polls = PollClassifier(key: key, reader: reader, vocabulary: vocabulary)
        self.results = ResultDownloader(key: key, base: settings.resultBase, fetcher: fetcher)
    }

    /// Sends a job in one POST and returns the classified outcome.
    package func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict {
        var request = request("POST", "/v1/videos/generations", timeout: settings.submitTimeout)
        request.fields.append((name: "Content-Type", value: "application/json"))
        // `.once`: libcurl repeats a request on a new connection if a reused one fails (contract, section 6).
        request.body = .once(payload)
        reached(.fetchBegun)
        return submissions.verdict(on: await fetcher.fetch(request), now: now())
    }

    /// Requests the status of a task.
    package func poll(_ id: ProviderTaskID) async -> PollOutcome {
        let path = "/v1/tasks/" + PercentCoding.encodeSegment(id.text)
        var request = request("GET", path, timeout: settings.pollTimeout)
        var outcome = await fetcher.fetch(request)
        if case .failed(let failure) = outcome, failure.isUndecodable {
            // The Content-Encoding field may be wrong and the body plain.
            request.contentCoding = .undecoded
            outcome = await fetcher.fetch(request)
        }
        return polls.outcome(of: outcome, for: id, now: now())
    }

    /// Downloads a result link. Follows redirects; sends the key only to the origin of `base_url`.
    package func download(
        _ request: FetchRequest, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async -> FetchOutcome {
        let outcome = await results.download(request, to: sink)
        guard case .answered(var response) = outcome else { return outcome }
        response.retryAfter = RetryAfter.delay(requestedBy: response, now: now())
        return .answered(response)
    }

    private func request(_ method: String, _ path: String, timeout: Duration) -> FetchRequest {
        var request = FetchRequest(method, settings.baseURL + path)
        request.connectTimeout = settings.connectTimeout
        request.timeout = timeout
        request.responseLimit = Int64(ProviderReply.lengthMax)
        // The key is added last, only here and for result links.
        request.fields = [
            (name: "Accept", value: "application/json"),
            (name: "Authorization", value: key.authorization()),
        ]
        return request
    }
}
