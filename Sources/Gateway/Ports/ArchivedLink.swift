package import VideoJobs

/// A link by which a client fetches one artifact from the archive itself, for a limited time.
package struct ArchivedLink: Equatable, Sendable {
    /// May hold a signature: for the client only, never for a log or a message.
    package let url: String
    package let expires: Timestamp

    /// Returns `nil` for anything but an http or https URL in visible ASCII, as a `Location` field needs.
    package init?(url: String, expires: Timestamp) {
        let isWeb = url.hasPrefix("https://") || url.hasPrefix("http://")
        guard isWeb, url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return nil }
        self.url = url
        self.expires = expires
    }
}
