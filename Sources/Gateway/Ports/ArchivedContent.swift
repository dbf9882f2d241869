/// Access to the content of one artifact in an archive.
package enum ArchivedContent: Sendable {
    /// An open file, which can be sent without passing through our memory, whole or in part.
    case file(any ArchivedFile)
    /// Bytes that pass through our memory, from the first to the last.
    case stream(any ArchivedStream)
    /// A link to the archive, which the client follows itself.
    case redirect(ArchivedLink)

    /// The length of the content; `nil` where only the archive knows it.
    package var bytes: Int64? {
        switch self {
        case .file(let file): file.bytes
        case .stream(let stream): stream.bytes
        case .redirect: nil
        }
    }
}
