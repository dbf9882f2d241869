import HTTPFetching
import Synchronization

/// The downloader of result links: follows redirects, applies the address guard, and sends the key only where
/// allowed.
final class ResultDownloader: Sendable {
    // Immutable.
    private let key: APIKey
    private let base: WebURL?
    private let fetcher: HTTPFetcher
    /// Whether the host of `base_url` has resolved to a private address. A private result is cached; a public
    /// one is looked up each time.
    private let isPrivate = Mutex(false)

    init(key: APIKey, base: WebURL?, fetcher: HTTPFetcher) {
        (self.key, self.base, self.fetcher) = (key, base, fetcher)
    }

    /// Performs the GET of `request`, whose URL may be relative to `base_url`. Only the body of the last
    /// response is passed to `sink`.
    func download(
        _ request: FetchRequest, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async -> FetchOutcome {
        guard let base, var route = ResultRoute(request.url, base: base) else {
            return failure("the result link is neither http nor https")
        }
        var request = request
        request.addressGuard = AddressGuard(allowsPrivate: await isPrivate(base))
        request.contentCoding = .identity
        let hasDelivered = Flag()
        while true {
            let outcome = await fetcher.download(hop(request, on: route)) { chunk in
                hasDelivered.set()
                try sink(chunk)
            }
            if case .failed(let failure) = outcome, failure.isUndecodable, !hasDelivered.isSet,
                request.contentCoding == .identity
            {
                // The Content-Encoding field may be wrong and the body plain.
                request.contentCoding = .undecoded
                continue
            }
            guard case .completed(let response) = outcome else { return outcome }
            switch route.receive(response) {
            case .request: continue
            case .finished: return outcome
            case .failed(let message): return failure(message, status: response.status)
            }
        }
    }

    /// Returns the request of the current hop.
    private func hop(_ request: FetchRequest, on route: ResultRoute) -> FetchRequest {
        var request = request
        request.url = route.url.text
        if route.carriesKey {
            request.url = route.url.textWithoutUserInfo
            // The key is added last.
            request.fields.append((name: "Authorization", value: key.authorization()))
        }
        return request
    }

    /// Whether `base_url` resolves to a private or loopback address; then its results may as well.
    private func isPrivate(_ base: WebURL) async -> Bool {
        if isPrivate.withLock({ $0 }) { return true }
        let addresses = await HostLookup.addresses(of: base.origin.host)
        let found = addresses.contains {
            let reach = AddressGuard.reach(of: $0)
            return reach == .loopback || reach == .privateUse
        }
        if found { isPrivate.withLock { $0 = true } }
        return found
    }

    private func failure(_ message: String, status: Int? = nil) -> FetchOutcome {
        .failed(FetchError(stage: .beforeSending, message: message, status: status))
    }
}

/// A flag that is set once bytes were passed to the sink, which cannot discard them.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
