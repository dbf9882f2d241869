extension Pending {
    /// Identifiers that are still to be renamed.
    static let identifiers: Set<String> = [
        "told"
    ]
}
