extension Pending {
    /// Files that declare several primary types or have another name than their type.
    static let filesOfSeveralTypes: Set<String> = [
        "Sources/ArchiveFiles/Verification/MediaCheck.swift",
        "Tests/ArchiveFilesTests/ScriptedDownload.swift",
        "Tests/ArchiveFilesTests/UnverifiedResultTests.swift",
    ]
}
