/// The versions of HTTP that a test covers.
enum HTTPVersion: CaseIterable {
    case http1, http2
}
