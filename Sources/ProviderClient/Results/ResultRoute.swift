import HTTPFetching

/// The way of one download from a result link over its redirects, and where on it the key may be shown.
///
/// Decides and does nothing. The key is for `base_url`'s own origin only, only where that origin refused
/// without it, and never again once the way has led to another origin.
struct ResultRoute {
    /// What follows a response.
    enum Step: Equatable {
        /// Request `url`, with the key if `carriesKey`.
        case request
        /// The response is the download's.
        case finished
        /// The way ends here, in words that hold no link.
        case failed(String)
    }

    static let redirectsMax = 5

    private(set) var url: WebURL
    private(set) var carriesKey = false
    private let base: WebURL
    private var redirects = 0
    private var hasLeftOrigin: Bool

    /// Begins at a link, resolved against `base`; `nil` if that is not `http` or `https`.
    init?(_ link: String, base: WebURL) {
        guard let url = WebURL(resolving: link, against: base) else { return nil }
        self.url = url
        self.base = base
        hasLeftOrigin = url.origin != base.origin
    }

    /// Decides what a response to the last request calls for.
    mutating func receive(_ response: FetchResponse) -> Step {
        switch response.status {
        case 301, 302, 303, 307, 308: return follow(response)
        // 404, too: some servers deny that a file exists rather than ask who wants it.
        case 400, 401, 403, 404:
            guard !hasLeftOrigin, !carriesKey else { return .finished }
            carriesKey = true
            return .request
        default: return .finished
        }
    }

    private mutating func follow(_ response: FetchResponse) -> Step {
        guard let location = response["Location"] else {
            return .failed("the result link answered \(response.status) without a Location")
        }
        guard let target = WebURL(resolving: location, against: url) else {
            return .failed("the result link redirects (\(response.status)) to no http or https link")
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
