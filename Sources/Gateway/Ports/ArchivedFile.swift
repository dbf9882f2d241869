/// An open file of an archive.
///
/// The descriptor is closed when the object is released: a reader is not disturbed when the file is removed
/// from the archive. To be held only for one response, whose time is limited.
package protocol ArchivedFile: AnyObject, Sendable {
    var fileDescriptor: Int32 { get }
    /// The size when the file was opened.
    var bytes: Int64 { get }
}
