internal import CLinux
internal import Glibc

/// A regular file opened for reading.
package struct OpenFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// The size when the file was opened, in bytes.
    package let size: Int64
    /// The user ID of the owner.
    package let owner: UInt32
    /// The permission bits.
    package let permissions: UInt32

    /// The reader of this file, which must not be used after it is closed.
    package var reader: FileReader { FileReader(fileDescriptor: descriptor.fileDescriptor) }

    /// Opens a regular file; anything else throws `EISDIR` or `EINVAL`.
    package init(_ path: String) throws(SystemError) {
        // Non-blocking: opening a FIFO would otherwise wait for a writer.
        let opened = try FileSystem.open(path, O_RDONLY | O_NONBLOCK)
        var status = stat()
        let fileDescriptor = opened.fileDescriptor
        try systemCall("fstat") { Int(unsafe fstat(fileDescriptor, &status)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw SystemError("open", EISDIR)
        default: throw SystemError("open", EINVAL)
        }
        size = Int64(status.st_size)
        owner = status.st_uid
        permissions = status.st_mode & 0o7777
        descriptor = opened
    }

    /// Reads up to `count` bytes from `offset`; fewer only at the end of the file.
    package func read(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        try reader.read(at: offset, count: count)
    }
}
