import HTTPFetching

/// The redirect chain of one download, and the decision where the key may be sent.
///
/// Performs no I/O. The key is sent only to the origin of `base_url`, only after it refused a request without
/// the key, and never after a redirect to another origin.
struct ResultRoute {
    /// The next step after a response.
    enum Step: Equatable {
        /// Request `url`, with the key if `carriesKey`.
        case request
        /// The response is the final one.
        case finished
        /// The download fails, with a message that contains no link.
        case failed(String)
    }

    static let redirectsMax = 5

    private(set) var url: WebURL
    private(set) var carriesKey = false
    private let base: WebURL
    private var redirects = 0
    private var hasLeftOrigin: Bool

    /// Starts at a link, resolved against `base`; returns `nil` if it is neither `http` nor `https`.
    init?(_ link: String, base: WebURL) {
        guard let url = WebURL(resolving: link, against: base) else { return nil }
        self.url = url
        self.base = base
        hasLeftOrigin = url.origin != base.origin
    }

    /// Decides the step after a response to the last request.
    mutating func receive(_ response: FetchResponse) -> Step {
        switch response.status {
        case 301, 302, 303, 307, 308: return follow(response)
        // 404 as well: some servers return it instead of requesting credentials.
        case 400, 401, 403, 404:
            guard !hasLeftOrigin, !carriesKey else { return .finished }
            carriesKey = true
            return .request
        default: return .finished
        }
    }

    private mutating func follow(_ response: FetchResponse) -> Step {
        guard let location = response["Location"] else {
            return .failed("the result link returned \(response.status) without a Location")
        }
        guard let target = WebURL(resolving: location, against: url) else {
            return .failed(
                "the result link redirects (\(response.status)) to a link that is neither http nor https")
        }
        guard redirects < Self.redirectsMax else {
            return .failed("the result link redirects more than \(Self.redirectsMax) times")
        }
        redirects += 1
        url = target
        carriesKey = false
        if target.origin != base.origin { hasLeftOrigin = true }
        return .request
    }
}
