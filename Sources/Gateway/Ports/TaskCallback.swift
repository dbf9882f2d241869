/// Where the ends of a task are reported.
package struct TaskCallback: Equatable, Sendable {
    /// Never logged: its query may contain a secret.
    package var url: String
    /// The trace that the task belongs to, as `TaskRecord.trace`.
    package var trace: String?

    package init(url: String, trace: String? = nil) {
        self.url = url
        self.trace = trace
    }

    /// The host and port as written, in lower case: what bounds of concurrency count by.
    package var host: String {
        let authority = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return authority.prefix { !"/?#".contains($0) }.lowercased()
    }
}
