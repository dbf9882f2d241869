import VideoJobs

/// An element of the JSON in the `results` column.
struct StoredResult: Codable {
    let contentType: String
    let bytes: Int64
    let sha256: String
    /// Versions that published verified results only, one for each link, did not write these two.
    let verified: Bool?
    let fileIndex: Int?
    /// Absent if unknown.
    let contentCredentials: Bool?

    init(_ result: ArchivedResult) {
        self.contentType = result.contentType
        self.bytes = result.bytes
        self.sha256 = result.sha256
        self.verified = result.verified
        self.fileIndex = result.fileIndex
        self.contentCredentials = result.contentCredentials
    }

    /// Returns the result at this index of the column.
    func result(at index: Int) -> ArchivedResult {
        ArchivedResult(
            contentType: contentType, bytes: bytes, sha256: sha256, verified: verified ?? true,
            fileIndex: fileIndex ?? index, contentCredentials: contentCredentials)
    }
}
