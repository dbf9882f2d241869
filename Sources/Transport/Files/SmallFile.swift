internal import CLinux
internal import Glibc

/// A small file that is read and replaced as a whole. All calls block; do not use on an event loop.
package enum SmallFile {
    /// The suffix of a file that is about to replace another. A leftover of a crash is overwritten.
    package static let temporarySuffix = ".new"

    /// Returns the content of a file of at most `limit` bytes; `nil` if it does not exist or is longer.
    package static func read(_ path: String, limit: Int) throws(SystemError) -> [UInt8]? {
        do throws(SystemError) {
            let file = try OpenFile(path)
            guard file.size <= limit else { return nil }
            return try file.read(at: 0, count: Int(file.size))
        } catch {
            if error.code == ENOENT { return nil }
            throw error
        }
    }

    /// Replaces or creates a file atomically: a crash leaves the old content or the new. Only one writer per
    /// path.
    ///
    /// - Parameter syncingName: whether the rename, too, is durable on return.
    package static func replace(
        _ path: String, with bytes: [UInt8], syncingName: Bool
    ) throws(SystemError) {
        let temporary = path + temporarySuffix
        try write(bytes, to: temporary)
        try systemCall("rename") { Int(unsafe rename(temporary, path)) }
        if syncingName { try FileSystem.sync(folder: FileSystem.folder(of: path)) }
    }

    private static func write(_ bytes: [UInt8], to path: String) throws(SystemError) {
        let file = try FileSystem.open(path, O_WRONLY | O_CREAT | O_TRUNC)
        let fileDescriptor = file.fileDescriptor
        var written = 0
        while written < bytes.count {
            let start = written
            written += try systemCall("write") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.write(fileDescriptor, buffer.baseAddress! + start, buffer.count - start)
                }
            }
        }
        try systemCall("fsync") { Int(fsync(fileDescriptor)) }
    }
}
