extension Pending {
    /// Errors and findings, as `Target.Name`, that are not called so.
    static let errorNames: Set<String> = [
        "StoreSQLite.Finding",
    ]
}
