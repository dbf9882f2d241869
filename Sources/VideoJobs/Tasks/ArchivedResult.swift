/// A result in the archive: a video, or an image that belongs to one.
package struct ArchivedResult: Equatable, Sendable {
    /// The media type detected from the first bytes, whatever type the provider declared.
    package var contentType: String
    package var bytes: Int64
    /// Lower-case hexadecimal.
    package var sha256: String
    /// Whether the media's structure was verified as complete. False if verification is disabled, or if two
    /// downloads returned the same bytes with an incomplete structure.
    package var verified: Bool
    /// The index of the result's link among the provider's links. It determines the archived file's name.
    package var fileIndex: Int

    /// Whether the media has a C2PA manifest; `nil` if its format was not inspected.
    package var contentCredentials: Bool?

    package init(
        contentType: String, bytes: Int64, sha256: String, verified: Bool = true, fileIndex: Int = 0,
        contentCredentials: Bool? = nil
    ) {
        self.contentType = contentType
        self.bytes = bytes
        self.sha256 = sha256
        self.verified = verified
        self.fileIndex = fileIndex
        self.contentCredentials = contentCredentials
    }
}
