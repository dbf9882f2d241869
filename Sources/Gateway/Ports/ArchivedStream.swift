/// The content of one artifact that an archive delivers piece by piece, once.
///
/// Its resources are freed when the object is released.
package protocol ArchivedStream: AnyObject, Sendable {
    /// The length of the whole content.
    var bytes: Int64 { get }
    /// Returns the next bytes, at least one and at most `limit`; `nil` at the end. Must return soon when its
    /// task is cancelled: the client has left.
    func read(upTo limit: Int) async throws(ArchiveError) -> [UInt8]?
}
