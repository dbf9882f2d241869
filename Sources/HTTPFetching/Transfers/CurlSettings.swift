/// Settings shared by all transfers of a fetcher.
struct CurlSettings {
    let userAgent: String
    /// The most open connections, including idle ones.
    let connectionsMax: Int
    /// A PEM file of authorities to trust instead of the system's.
    let certificateFile: String?
}
