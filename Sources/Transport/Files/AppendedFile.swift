internal import CLinux
internal import Glibc

/// A file to whose end bytes are appended. All calls block; do not use on an event loop.
package struct AppendedFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Opens a file, and creates it if it does not exist.
    ///
    /// - Parameter isEmptied: whether its earlier content is removed.
    package init(_ path: String, isEmptied: Bool) throws(SystemError) {
        descriptor = try FileSystem.open(
            path, O_WRONLY | O_CREAT | O_APPEND | (isEmptied ? O_TRUNC : 0))
    }

    /// Appends all of the bytes.
    package func append(_ bytes: [UInt8]) throws(SystemError) { try descriptor.writeAll(bytes) }

    /// Makes the content durable.
    package func sync() throws(SystemError) {
        let fileDescriptor = descriptor.fileDescriptor
        try systemCall("fdatasync") { Int(fdatasync(fileDescriptor)) }
    }
}
