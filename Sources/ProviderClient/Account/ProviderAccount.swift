import CrashPoints
import Gateway
package import HTTPFetching
import Synchronization
package import VideoJobs

/// The client of the provider's API, and the only owner of the key.
///
/// A create is exactly one request; it is never repeated here, whatever its outcome. A call uses the key that
/// was current when it began.
package final class ProviderAccount: VideoProvider {
    // Immutable.
    private let settings: ProviderSettings
    private let fetcher: HTTPFetcher
    private let now: @Sendable () -> Timestamp

    private let current: Mutex<KeyedCalls>

    /// Creates a client with the fetcher's User-Agent. `now` is the origin of a date in `Retry-After` if a
    /// response has no `Date`.
    package init(
        key: APIKey, settings: ProviderSettings, fetcher: HTTPFetcher,
        now: @escaping @Sendable () -> Timestamp
    ) {
        self.settings = settings
        self.fetcher = fetcher
        self.now = now
        current = Mutex(KeyedCalls(key, settings, fetcher))
    }

    /// Makes what the first call would, so that it does not wait.
    package func prepare() async { await fetcher.prepare() }

    /// Replaces the key for calls that begin from now on. Returns whether it differs from the current one.
    package func replaceKey(_ key: APIKey) -> Bool {
        current.withLock { calls in
            guard !key.isEqual(to: calls.key) else { return false }
            calls = KeyedCalls(key.replacing(calls.key), settings, fetcher)
            return true
        }
    }

    /// Sends a job in one POST and returns the classified outcome.
    package func create(_ payload: [UInt8], for id: TaskID) async -> SubmissionVerdict {
        let calls = current.withLock { $0 }
        var request = request(
            "POST", "/v1/videos/generations", timeout: settings.submitTimeout, with: calls.key)
        request.fields.append((name: "Content-Type", value: "application/json"))
        // `.once`: libcurl repeats a request on a new connection if a reused one fails (contract, section 6).
        request.body = .once(payload)
        request.trace = .create
        reached(.fetchBegun)
        return calls.submissions.verdict(on: await fetcher.fetch(request), now: now())
    }

    /// Requests the status of a task.
    package func poll(_ id: ProviderTaskID) async -> PollOutcome {
        let calls = current.withLock { $0 }
        let path = "/v1/tasks/" + PercentCoding.encodeSegment(id.text)
        var request = request("GET", path, timeout: settings.pollTimeout, with: calls.key)
        request.trace = .poll
        var outcome = await fetcher.fetch(request)
        if case .failed(let failure) = outcome, failure.isUndecodable {
            // The Content-Encoding field may be wrong and the body plain.
            request.contentCoding = .undecoded
            outcome = await fetcher.fetch(request)
        }
        return calls.polls.outcome(of: outcome, for: id, now: now())
    }

    /// Downloads a result link. Follows redirects; sends the key only to the origin of `base_url`.
    package func download(_ request: FetchRequest, into sink: DownloadSink) async -> FetchOutcome {
        let calls = current.withLock { $0 }
        switch await calls.results.download(request, into: sink) {
        case .completed(var response):
            response.retryAfter = RetryAfter.delay(requestedBy: response, now: now())
            return .completed(response)
        case .failed(var error):
            error.message = calls.key.redactor.clean(error.message)
            return .failed(error)
        }
    }

    /// The parts that use the current key.
    var currentCalls: KeyedCalls { current.withLock { $0 } }

    /// The time limit of one page of the list of models.
    var listTimeout: Duration { settings.pollTimeout }

    /// Sends a request.
    func fetch(_ request: FetchRequest) async -> FetchOutcome { await fetcher.fetch(request) }

    /// Returns a request with the key.
    func request(
        _ method: String, _ path: String, timeout: Duration, with key: APIKey
    ) -> FetchRequest {
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
