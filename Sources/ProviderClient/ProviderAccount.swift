import CrashPoints
import Gateway
package import HTTPFetching
package import VideoJobs

/// The provider's API, and the only holder of the key.
///
/// Each call is one request: a create is never repeated here, whatever comes of it.
package final class ProviderAccount: VideoProvider {
    private let key: APIKey
    private let settings: ProviderSettings
    private let fetcher: HTTPFetcher
    private let now: @Sendable () -> Timestamp
    private let submissions: SubmissionClassifier
    private let polls: PollClassifier
    private let results: ResultDownloader

    /// Uses the fetcher's User-Agent; `now` counts a date in `Retry-After` if an answer has no `Date`.
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

    package func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict {
        var request = request("POST", "/v1/videos/generations", timeout: settings.submitTimeout)
        request.fields.append((name: "Content-Type", value: "application/json"))
        // Once: libcurl repeats a request on a fresh connection when a reused one dies (contract, section 6).
        request.body = .once(payload)
        reached(.fetchBegun)
        return submissions.verdict(on: await fetcher.fetch(request), now: now())
    }

    package func poll(_ id: ProviderTaskID) async -> PollOutcome {
        let path = "/v1/tasks/" + PercentCoding.encodeSegment(id.text)
        var request = request("GET", path, timeout: settings.pollTimeout)
        var outcome = await fetcher.fetch(request)
        if case .failed(let failure) = outcome, failure.isUndecodable {
            // The field may be wrong and the bytes plain.
            request.contentCoding = .undecoded
            outcome = await fetcher.fetch(request)
        }
        return polls.outcome(of: outcome, for: id, now: now())
    }

    /// Downloads a result link: follows its redirects, and shows the key to `base_url`'s own origin only.
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
        request.responseLimit = Int64(ProviderReply.longest)
        // The key is added last, here and nowhere else.
        request.fields = [
            (name: "Accept", value: "application/json"),
            (name: "Authorization", value: key.authorization()),
        ]
        return request
    }
}

/// Where the provider is and how long it may take.
package struct ProviderSettings: Equatable, Sendable {
    /// Scheme, authority and perhaps a path, without a slash at the end.
    package let baseURL: String
    package var connectTimeout: Duration = .seconds(10)
    package var submitTimeout: Duration = .seconds(60)
    package var pollTimeout: Duration = .seconds(30)
    /// What its words mean.
    package var vocabulary = ProviderVocabulary.standard

    package init(baseURL: String) {
        let end = baseURL.lastIndex { $0 != "/" }.map(baseURL.index(after:)) ?? baseURL.startIndex
        self.baseURL = String(baseURL[..<end])
    }

    /// What relative result links are resolved against: paths are appended to `base_url`, so it is a folder.
    var resultBase: WebURL? { WebURL(baseURL + "/") }
}
