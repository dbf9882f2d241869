import HTTPFetching
import Synchronization

/// Downloads what result links show: over redirects, past the address guard, with the key where it may be.
final class ResultDownloader: Sendable {
    // Immutable.
    private let key: APIKey
    private let base: WebURL?
    private let fetcher: HTTPFetcher
    /// Whether `base_url`'s host was found to be private. An operator's network stays what it is; a public
    /// one is looked up each time.
    private let isPrivate = Mutex(false)

    init(key: APIKey, base: WebURL?, fetcher: HTTPFetcher) {
        (self.key, self.base, self.fetcher) = (key, base, fetcher)
    }

    /// Does the GET of `request`, whose URL may be relative to `base_url`. Only the last response's body goes
    /// to `sink`.
    func download(
        _ request: FetchRequest, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async -> FetchOutcome {
        guard let base, var route = ResultRoute(request.url, base: base) else {
            return failure("the result link is neither http nor https")
        }
        var request = request
        request.addressGuard = AddressGuard(allowsPrivate: await isPrivate(base))
        request.contentCoding = .identity
        let isBegun = Flag()
        while true {
            let outcome = await fetcher.download(hop(request, on: route)) { piece in
                isBegun.set()
                try sink(piece)
            }
            if case .failed(let failure) = outcome, failure.isUndecodable, !isBegun.isSet,
                request.contentCoding == .identity
            {
                // The field was wrong, and the bytes may be right.
                request.contentCoding = .undecoded
                continue
            }
            guard case .answered(let response) = outcome else { return outcome }
            switch route.receive(response) {
            case .request: continue
            case .finished: return outcome
            case .failed(let message): return failure(message, status: response.status)
            }
        }
    }

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

    /// Whether `base_url` itself leads to a private or loopback address: then its results may, too.
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

/// Whether bytes have gone to the sink, which cannot give them back.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
