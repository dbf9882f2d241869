internal import CLinux
internal import Glibc

/// File system operations on paths. All block; do not use on an event loop.
package enum FileSystem {
    /// Returns the size of a file in bytes; `nil` if it does not exist.
    package static func size(of path: String) throws(SystemError) -> Int64? {
        var status = stat()
        do throws(SystemError) {
            try systemCall("stat") { Int(unsafe stat(path, &status)) }
            return Int64(status.st_size)
        } catch {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw error
        }
    }

    /// Removes a file. Returns whether it existed.
    @discardableResult
    package static func remove(_ path: String) throws(SystemError) -> Bool {
        do throws(SystemError) {
            try systemCall("unlink") { Int(unsafe unlink(path)) }
            return true
        } catch {
            if error.code == ENOENT { return false }
            throw error
        }
    }

    /// Renames a file within a file system, replacing any file there, and syncs the target folder.
    package static func move(_ path: String, to other: String) throws(SystemError) {
        try systemCall("rename") { Int(unsafe rename(path, other)) }
        try sync(folder: folder(of: other))
    }

    /// Creates a folder and its missing parents, readable by the owner only.
    package static func makeFolder(_ path: String) throws(SystemError) {
        var end = path.startIndex
        while end < path.endIndex {
            end = path[path.index(after: end)...].firstIndex(of: "/") ?? path.endIndex
            let part = String(path[..<end])
            do throws(SystemError) {
                try systemCall("mkdir") { Int(unsafe mkdir(part, 0o700)) }
            } catch {
                guard error.code == EEXIST else { throw error }
            }
        }
    }

    /// Returns the names in a folder, without `.` and `..`, unordered.
    package static func names(in folder: String) throws(SystemError) -> [String] {
        guard let listing = unsafe opendir(folder) else { throw SystemError("opendir", errno) }
        defer { _ = unsafe closedir(listing) }
        var names: [String] = []
        while let entry = unsafe readdir(listing) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) {
                unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    /// Returns the free bytes available to this process in the folder's file system.
    package static func freeSpace(in folder: String) throws(SystemError) -> Int64 {
        var status = statvfs()
        try systemCall("statvfs") { Int(unsafe statvfs(folder, &status)) }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    /// Makes entries that were created, renamed or removed in a folder durable.
    package static func sync(folder: String) throws(SystemError) {
        let descriptor = try open(folder, O_RDONLY | O_DIRECTORY)
        let fileDescriptor = descriptor.fileDescriptor
        try systemCall("fsync") { Int(fsync(fileDescriptor)) }
    }

    /// Returns the parent folder of a path.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func open(
        _ path: String, _ flags: CInt, mode: mode_t = 0o600
    ) throws(SystemError) -> OwnedDescriptor {
        let fileDescriptor = try systemCall("open") { Int(unsafe linux_open(path, flags | O_CLOEXEC, mode)) }
        return OwnedDescriptor(adopting: CInt(fileDescriptor))
    }
}
