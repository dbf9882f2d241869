import CrashPoints
import Gateway
import Glibc

/// A file that gets its name only when it is complete and durable, and never replaces another one. Removed if
/// it ends before.
///
/// SQLite writes into it by its temporary path. The lock on it keeps two commands from the same path.
struct UnfinishedFile: ~Copyable {
    /// The final path.
    let path: String
    /// The path until it is complete.
    let temporaryPath: String
    private let descriptor: CInt

    private static let chunkMax = 1 << 20
    private static let companions = ["", "-wal", "-shm", "-journal"]

    /// Makes an empty file for this user alone, in place of one that a killed command left.
    init(_ path: String, temporaryPath: String) throws(StoreCopyError) {
        try Self.removeLeftover(temporaryPath)
        descriptor = try Self.make(temporaryPath)
        self.path = path
        self.temporaryPath = temporaryPath
    }

    deinit {
        for suffix in Self.companions { _ = unsafe unlink(temporaryPath + suffix) }
        close(descriptor)
    }

    /// Whether there is a file, a folder or a link of this name.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    /// Copies the bytes of another file. Calls `check` between the pieces, which may throw.
    func fill(from source: String, _ check: () throws -> Void) throws {
        let file = unsafe open(source, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard file >= 0 else { throw Self.failure("read", source) }
        defer { close(file) }
        var status = stat()
        guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw StoreCopyError("\(source) is not a file")
        }
        var bytes = [UInt8](repeating: 0, count: Self.chunkMax)
        while true {
            try check()
            let count = unsafe read(file, &bytes, bytes.count)
            if count == 0 { return }
            guard count > 0 else { throw Self.failure("read", source) }
            try append(bytes[..<count])
        }
    }

    private func append(_ bytes: ArraySlice<UInt8>) throws(StoreCopyError) {
        var rest = bytes
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { throw Self.failure("write", temporaryPath) }
            rest = rest.dropFirst(written)
        }
    }

    /// Gives the file, and nothing else, to the user and group of a folder, if this is root.
    func giveToOwner(of folder: String) throws(StoreCopyError) {
        var status = stat()
        guard geteuid() == 0, unsafe stat(folder, &status) == 0 else { return }
        guard fchown(descriptor, status.st_uid, status.st_gid) == 0 else {
            throw Self.failure("give to the owner of its folder", temporaryPath)
        }
    }

    /// Syncs the file, gives it its name, and syncs its folder. Throws if another file has the name.
    consuming func publish(reaching named: CrashPoint) throws(StoreCopyError) {
        guard fsync(descriptor) == 0 else { throw Self.failure("sync", temporaryPath) }
        // Unlike a rename it fails if the name exists. `deinit` then removes the temporary name.
        if unsafe link(temporaryPath, path) != 0 {
            // A file system without hard links, such as FAT.
            guard errno == EPERM || errno == EOPNOTSUPP, !Self.exists(path) else {
                throw Self.failure("make", path)
            }
            guard unsafe rename(temporaryPath, path) == 0 else { throw Self.failure("make", path) }
        }
        reached(named)
        _ = unsafe unlink(temporaryPath)
        try StoreFiles(path: path).syncingFolder()
    }

    private static func make(_ path: String) throws(StoreCopyError) -> CInt {
        let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = unsafe open(path, flags, 0o600)
        guard file >= 0 else { throw failure("make", path) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            close(file)
            throw busy(path)
        }
        return file
    }

    /// Removes what a killed command left. Throws if another command is writing it.
    private static func removeLeftover(_ path: String) throws(StoreCopyError) {
        let file = unsafe open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC)
        guard file >= 0 else {
            guard errno == ENOENT else { throw failure("open", path) }
            return
        }
        defer { close(file) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else { throw busy(path) }
        for suffix in companions where unsafe unlink(path + suffix) != 0 && errno != ENOENT {
            throw failure("remove", path + suffix)
        }
    }

    private static func busy(_ path: String) -> StoreCopyError {
        StoreCopyError(
            "another command is writing \(path)", remedy: "Wait for its end, or name another file.")
    }

    private static func failure(_ verb: String, _ path: String) -> StoreCopyError {
        let code = errno
        return StoreCopyError("cannot \(verb) \(path): \(unsafe String(cString: strerror(code)))")
    }
}

extension StoreFiles {
    fileprivate func syncingFolder() throws(StoreCopyError) {
        do throws(StoreError) { try syncFolder() } catch { throw StoreCopyError(error.message) }
    }
}
