extension Pending {
    /// Files that declare several primary types or have another name than their type.
    static let filesOfSeveralTypes: Set<String> = []
}
