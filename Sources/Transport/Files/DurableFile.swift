internal import CrashPoints
internal import CLinux
internal import Glibc

/// A file that gets its final name only when it is complete and durable. Discarded without a trace if dropped
/// before.
///
/// All calls block; do not use on an event loop.
package struct DurableFile: ~Copyable, Sendable {
    /// The final path.
    package let path: String
    /// Bytes written so far.
    package private(set) var size: Int64 = 0

    /// The path until it is committed.
    package let temporaryPath: String
    /// Whether the file stays when this value ends without a commit, so that it can be continued later.
    package var isKept = false

    private let descriptor: OwnedDescriptor

    /// The suffix of unfinished files. Leftovers of a crash can be deleted.
    package static let temporarySuffix = ".part"

    /// Creates a temporary file next to the final path.
    package init(_ path: String) throws(SystemError) {
        let unique = String(Entropy.randomNumber(), radix: 36)
        let temporary = "\(path).\(unique)\(Self.temporarySuffix)"
        descriptor = try FileSystem.open(temporary, O_RDWR | O_CREAT | O_EXCL)
        self.path = path
        temporaryPath = temporary
    }

    private init(_ descriptor: consuming OwnedDescriptor, at temporaryPath: String, to path: String) {
        self.descriptor = descriptor
        self.path = path
        self.temporaryPath = temporaryPath
    }

    /// Continues an unfinished file after its first `size` bytes; further ones are removed. It is kept.
    package static func continuing(
        _ temporaryPath: String, to path: String, size: Int64
    ) throws(SystemError) -> DurableFile {
        var file = DurableFile(try FileSystem.open(temporaryPath, O_RDWR), at: temporaryPath, to: path)
        file.isKept = true
        try file.truncate(to: size)
        return file
    }

    deinit { if !isKept { _ = unsafe unlink(temporaryPath) } }

    /// Removes all bytes after the first `size`.
    package mutating func truncate(to size: Int64) throws(SystemError) {
        let fileDescriptor = descriptor.fileDescriptor
        try systemCall("ftruncate") { Int(ftruncate(fileDescriptor, off_t(size))) }
        try systemCall("lseek") { Int(lseek(fileDescriptor, off_t(size), SEEK_SET)) }
        self.size = size
    }

    /// Makes the bytes so far durable, and the temporary name.
    package func syncUnfinished() throws(SystemError) {
        let fileDescriptor = descriptor.fileDescriptor
        try systemCall("fdatasync") { Int(fdatasync(fileDescriptor)) }
        try FileSystem.sync(folder: FileSystem.folder(of: path))
    }

    /// Appends all of the bytes.
    package mutating func append(_ bytes: [UInt8]) throws(SystemError) {
        try descriptor.writeAll(bytes)
        size += Int64(bytes.count)
    }

    /// Syncs the content, renames the file to its final path, replacing any file there, and syncs the folder.
    package consuming func commit() throws(SystemError) {
        let path = path
        try commit(as: path)
    }

    /// Commits only if there is no file with the final path yet, else throws EEXIST.
    package consuming func commitNew() throws(SystemError) {
        try sync()
        let (from, path) = (temporaryPath, path)
        do throws(SystemError) {
            // Unlike a rename it fails if the name exists. `deinit` then unlinks the temporary name.
            try systemCall("link") { Int(unsafe link(from, path)) }
        } catch {
            // A file system without hard links, such as FAT.
            guard error.code == EPERM || error.code == EOPNOTSUPP else { throw error }
            return try commit(as: path)
        }
        try FileSystem.sync(folder: FileSystem.folder(of: path))
    }

    private func sync() throws(SystemError) {
        let fileDescriptor = descriptor.fileDescriptor
        reached(.fileWritten)
        try systemCall("fsync") { Int(fsync(fileDescriptor)) }
        reached(.fileSynced)
    }

    /// Commits to another path in the same file system.
    package consuming func commit(as path: String) throws(SystemError) {
        try sync()
        let from = temporaryPath
        try systemCall("rename") { Int(unsafe rename(from, path)) }
        reached(.fileRenamed)
        try FileSystem.sync(folder: FileSystem.folder(of: path))
        // `deinit` then unlinks the temporary name, which no longer exists: harmless.
    }

    /// Reads up to `count` written bytes from `offset`, to verify them before the commit.
    package func read(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let fileDescriptor = descriptor.fileDescriptor
        let filled = try systemCall("pread") {
            unsafe bytes.withUnsafeMutableBytes {
                unsafe pread(fileDescriptor, $0.baseAddress, count, off_t(offset))
            }
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
