package import VideoJobs
import HTTPFetching

/// The provider's base URL and the timeouts of its calls.
package struct ProviderSettings: Equatable, Sendable {
    /// Scheme, authority and optional path, without a trailing slash.
    package let baseURL: String
    package var connectTimeout: Duration = .seconds(10)
    package var submitTimeout: Duration = .seconds(60)
    package var pollTimeout: Duration = .seconds(30)
    /// The meanings of the provider's status words and quota codes.
    package var vocabulary = ProviderVocabulary.standard

    package init(baseURL: String) {
        let end = baseURL.lastIndex { $0 != "/" }.map(baseURL.index(after:)) ?? baseURL.startIndex
        self.baseURL = String(baseURL[..<end])
    }

    /// The base of relative result links: `base_url` as a directory, since paths are appended to it.
    var resultBase: WebURL? { WebURL(baseURL + "/") }
}
