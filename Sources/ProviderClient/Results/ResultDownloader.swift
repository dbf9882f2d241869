import HTTPFetching
import Synchronization

/// The downloader of result links: follows redirects, applies the address guard, and sends the key only where
/// allowed. A response that reflects the key is neither followed nor delivered.
final class ResultDownloader: Sendable {
    // Immutable.
    private let key: APIKey
    private let redactor: Redactor
    private let base: WebURL?
    private let fetcher: HTTPFetcher
    /// Whether the host of `base_url` has resolved to a private address. A private result is cached; a public
    /// one is looked up each time.
    private let isPrivate = Mutex(false)

    init(key: APIKey, base: WebURL?, fetcher: HTTPFetcher) {
        (self.key, self.base, self.fetcher) = (key, base, fetcher)
        redactor = key.redactor
    }

    /// Performs the GET of `request`, whose URL may be relative to `base_url`. Only the last response is
    /// passed to `sink`. The fields of the request, such as `Range`, are sent to every host of the chain.
    func download(_ request: FetchRequest, into sink: DownloadSink) async -> FetchOutcome {
        guard let base, var route = ResultRoute(request.url, base: base) else {
            return failure("the result link is neither http nor https")
        }
        var request = request
        request.addressGuard = AddressGuard(allowsPrivate: await isPrivate(base))
        request.contentCoding = .identity
        let delivery = Delivery(to: sink, redactor)
        while true {
            // Only a host that has received the key can reflect it.
            if route.carriesKey { delivery.beginScan() }
            let outcome = await fetcher.download(hop(request, on: route), into: delivery.receiver)
            if delivery.isStopped { return reflectedKey }
            if case .failed(let failure) = outcome, failure.isUndecodable, !delivery.hasBegun,
                request.contentCoding == .identity
            {
                // The Content-Encoding field may be wrong and the body plain.
                request.contentCoding = .undecoded
                continue
            }
            guard case .completed(let response) = outcome else { return outcome }
            switch route.receive(response) {
            case .request where redactor.containsKey(in: route.url.text):
                return failure("the result link redirects to a link that contains the API key")
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
        request.trace = .fetch
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

    private var reflectedKey: FetchOutcome {
        var error = FetchError(stage: .beforeSending, message: "the download contains the API key")
        error.forbidsKeeping = true
        return .failed(error)
    }

    private func failure(_ message: String, status: Int? = nil) -> FetchOutcome {
        .failed(FetchError(stage: .beforeSending, message: message, status: status))
    }
}

/// The bytes that are passed to the sink of a download, which cannot discard them.
private final class Delivery: Sendable {
    private struct State {
        var hasBegun = false
        var scan: KeyScan?
        var isStopped = false
    }

    /// Stops the transfer.
    private struct ReflectedKeyError: Error {}

    private let state = Mutex(State())
    private let sink: DownloadSink
    private let redactor: Redactor

    init(to sink: DownloadSink, _ redactor: Redactor) { (self.sink, self.redactor) = (sink, redactor) }

    /// The sink of the transfers.
    var receiver: DownloadSink {
        var receiver = DownloadSink { try self.deliver($0) }
        receiver.begin = { try self.begin($0) }
        return receiver
    }

    /// Whether the sink has received any bytes.
    var hasBegun: Bool { state.withLock { $0.hasBegun } }
    /// Whether the download ended because it contains the key.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Searches all later bytes for the key.
    func beginScan() { state.withLock { $0.scan = KeyScan(redactor) } }

    private func begin(_ response: FetchResponse) throws {
        if response.status == 206 {
            // A form of the key may have begun in the part that was received earlier, perhaps with the key.
            var scan = KeyScan(redactor)
            scan.follow(sink.preceding(scan.tailLength))
            state.withLock { [scan] in $0.scan = scan }
        }
        var response = response
        // Validators are stored and sent with later requests.
        response.fields.removeAll { redactor.containsKey(in: $0.value) }
        try sink.begin(response)
    }

    private func deliver(_ piece: [UInt8]) throws {
        try state.withLock { state in
            if state.scan?.containsKey(in: piece) == true {
                state.isStopped = true
                throw ReflectedKeyError()
            }
            state.hasBegun = true
        }
        try sink.append(piece)
    }
}
