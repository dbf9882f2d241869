internal import CLinux
internal import Glibc

/// Calls on paths. All block: not for an event loop's busy path.
package enum FileSystem {
    /// The length of a file in bytes; `nil` if there is none.
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

    /// Removes a file; whether there was one.
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

    /// Gives a file another name in the same file system, replacing what bore it, and makes the name durable.
    package static func move(_ path: String, to other: String) throws(SystemError) {
        try systemCall("rename") { Int(unsafe rename(path, other)) }
        try sync(folder: folder(of: other))
    }

    /// Makes a folder and those above it, for the owner only; what is there already stays.
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

    /// The names in a folder, without `.` and `..`, in no order.
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

    /// Bytes that we may still write in the folder's file system.
    package static func freeSpace(in folder: String) throws(SystemError) -> Int64 {
        var status = statvfs()
        try systemCall("statvfs") { Int(unsafe statvfs(folder, &status)) }
        return Int64(status.f_bavail) * Int64(status.f_frsize)
    }

    /// Makes the names in a folder durable: what was created, renamed or removed there.
    package static func sync(folder: String) throws(SystemError) {
        let descriptor = try open(folder, O_RDONLY | O_DIRECTORY)
        let number = descriptor.number
        try systemCall("fsync") { Int(fsync(number)) }
    }

    /// The folder part of a path.
    package static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func open(
        _ path: String, _ flags: CInt, mode: mode_t = 0o600
    ) throws(SystemError) -> OwnedDescriptor {
        let number = try systemCall("open") { Int(unsafe linux_open(path, flags | O_CLOEXEC, mode)) }
        return OwnedDescriptor(adopting: CInt(number))
    }
}

/// A regular file, open for reading.
package struct OpenFile: ~Copyable, Sendable {
    private let descriptor: OwnedDescriptor

    /// Its length when it was opened.
    package let size: Int64

    var number: CInt { descriptor.number }

    /// Opens a regular file; anything else is refused (`EISDIR`, `EINVAL`).
    package init(_ path: String) throws(SystemError) {
        // Non-blocking: opening a FIFO must not wait for its writer.
        let opened = try FileSystem.open(path, O_RDONLY | O_NONBLOCK)
        var status = stat()
        let number = opened.number
        try systemCall("fstat") { Int(unsafe fstat(number, &status)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: throw SystemError("open", EISDIR)
        default: throw SystemError("open", EINVAL)
        }
        size = Int64(status.st_size)
        descriptor = opened
    }

    /// Appends `count` bytes from `offset` on; whether the file has so many. Else nothing is appended.
    package func append(
        _ count: Int, from offset: Int64, to out: inout [UInt8]
    ) throws(SystemError) -> Bool {
        let start = out.count
        try out.append(addingCapacity: count) { span throws(SystemError) in
            try unsafe span.withUnsafeMutableBufferPointer { room, filled throws(SystemError) in
                let room = unsafe UnsafeMutableBufferPointer(start: room.baseAddress, count: count)
                filled = try unsafe fill(room, from: offset)
            }
        }
        if out.count == start + count { return true }
        out.removeLast(out.count - start)
        return false
    }

    /// Reads until the room is full or the file ends; how much that was.
    private func fill(
        _ room: UnsafeMutableBufferPointer<UInt8>, from offset: Int64
    ) throws(SystemError) -> Int {
        var filled = 0
        while filled < room.count {
            let (start, count) = (filled, room.count - filled)
            let read = try systemCall("pread") {
                unsafe pread(number, room.baseAddress! + start, count, off_t(offset) + start)
            }
            if read == 0 { break }
            filled += read
        }
        return filled
    }

    /// Up to `count` bytes from `offset` on; fewer only at the file's end.
    package func read(at offset: Int64, count: Int) throws(SystemError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let start = filled
            let more = try systemCall("pread") {
                unsafe bytes.withUnsafeMutableBytes {
                    unsafe pread(number, $0.baseAddress! + start, count - start, off_t(offset) + start)
                }
            }
            if more == 0 { break }
            filled += more
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}
