import Gateway

/// One request of a download.
struct DownloadAttempt: Sendable {
    /// Bytes from earlier attempts.
    var start: Int64 = 0
    /// Whether the request is for the rest.
    var isRanged = false
    /// Whether the head of a successful response was received.
    var hasBegun = false
    /// Where the range of the response ends; `nil` if the response is the whole result.
    var end: Int64?
    /// Why the receiver ended the download.
    var failure: ArchiveError?
    /// Whether what was received so far does not belong to what the host has now.
    var isStale = false
}
