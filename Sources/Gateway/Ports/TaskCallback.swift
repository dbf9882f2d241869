/// Where the ends of a task are reported.
package struct TaskCallback: Equatable, Sendable {
    /// Never logged: its query may contain a secret.
    package var url: String
    /// The `traceparent` of the request that created the task.
    package var traceparent: String?

    package init(url: String, traceparent: String? = nil) {
        self.url = url
        self.traceparent = traceparent
    }

    /// The host and port as written, in lower case: what bounds of concurrency count by.
    package var host: String {
        let authority = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return authority.prefix { !"/?#".contains($0) }.lowercased()
    }
}
