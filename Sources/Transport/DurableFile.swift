internal import CrashPoints
internal import CLinux
internal import Glibc

/// A file being written that appears under its name only when it is whole and durable; dropped before, it
/// leaves no trace.
///
/// All calls block: not for an event loop.
package struct DurableFile: ~Copyable, Sendable {
    /// The name it is to have.
    package let path: String
    /// Bytes written so far.
    package private(set) var size: Int64 = 0

    private let temporaryPath: String
    private let descriptor: OwnedDescriptor

    /// The ending of unfinished files: what bears it after a crash may be removed.
    package static let temporarySuffix = ".part"

    /// Begins a file beside its final place, under a name of its own.
    package init(_ path: String) throws(SystemError) {
        let unique = String(Entropy.number(), radix: 36)
        let temporary = "\(path).\(unique)\(Self.temporarySuffix)"
        descriptor = try FileSystem.open(temporary, O_RDWR | O_CREAT | O_EXCL)
        self.path = path
        temporaryPath = temporary
    }

    deinit { _ = unsafe unlink(temporaryPath) }

    /// Appends all of the bytes.
    package mutating func append(_ bytes: [UInt8]) throws(SystemError) {
        var written = 0
        let number = descriptor.number
        while written < bytes.count {
            let start = written
            written += try systemCall("write") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe write(number, buffer.baseAddress! + start, buffer.count - start)
                }
            }
        }
        size += Int64(bytes.count)
    }

    /// Makes the content durable, then gives it its name, replacing what bore it, and makes the name durable.
    package consuming func commit() throws(SystemError) {
        let path = path
        try commit(as: path)
    }

    /// The same under another name in the same file system.
    package consuming func commit(as path: String) throws(SystemError) {
        let number = descriptor.number
        reached(.fileWritten)
        try systemCall("fsync") { Int(fsync(number)) }
        reached(.fileSynced)
        let from = temporaryPath
        try systemCall("rename") { Int(unsafe rename(from, path)) }
        reached(.fileRenamed)
        try FileSystem.sync(folder: FileSystem.folder(of: path))
        // The end of `self` unlinks the temporary name, which is gone: harmless.
    }

    /// Up to `count` bytes that were written, from `offset` on: to check them before they get their name.
    package func read(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let number = descriptor.number
        let filled = try systemCall("pread") {
            unsafe bytes.withUnsafeMutableBytes { unsafe pread(number, $0.baseAddress, count, off_t(offset)) }
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
