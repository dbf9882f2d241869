/// The address of a collector's traces.
enum CollectorURL {
    private static let path = "/v1/traces"

    /// Returns the URL to POST to: the base with OTLP's path, unless it ends with it already.
    static func traces(at base: String) -> String { base.hasSuffix(path) ? base : base + path }
}
