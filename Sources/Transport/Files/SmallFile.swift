internal import CLinux
internal import Glibc

/// A file of a few bytes that is read and replaced as a whole. All calls block: not for an event loop.
package enum SmallFile {
    /// The ending of a file that is about to replace another; what bears it after a crash is overwritten.
    package static let temporarySuffix = ".new"

    /// The content of a file that has at most `limit` bytes; `nil` if there is no file, or a longer one.
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

    /// Replaces a file, or makes it. The content is durable before it gets the name, so that a crash leaves
    /// the old file or the new one. One writer at a time for a path.
    ///
    /// - Parameter syncingName: whether the name is durable on return, too.
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
        let number = file.number
        var written = 0
        while written < bytes.count {
            let start = written
            written += try systemCall("write") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.write(number, buffer.baseAddress! + start, buffer.count - start)
                }
            }
        }
        try systemCall("fsync") { Int(fsync(number)) }
    }
}
