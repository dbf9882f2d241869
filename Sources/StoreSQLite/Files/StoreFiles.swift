import Gateway
import Glibc

/// The paths of the store's files, and what is done to them other than through SQLite.
struct StoreFiles: Sendable {
    /// Free of symbolic links, so that two ways of writing a path meet at the same lock.
    let path: String

    /// For the largest body in a transaction of its own, several times.
    private static let roomMin: UInt64 = 512 << 10

    /// Makes the folder where there is none, and finds out the file's true path.
    static func locate(_ path: String) throws(StoreError) -> StoreFiles {
        let (folder, name) = split(path)
        guard !name.isEmpty else { throw .unavailable("the store's path \(path) names no file") }
        try makeFolder(folder)
        guard let folder = resolved(folder) else { throw failure("open the folder of", path) }
        return StoreFiles(path: resolved("\(folder)/\(name)") ?? "\(folder)/\(name)")
    }

    var lockPath: String { path + ".lock" }
    var writeAheadLogPath: String { path + "-wal" }
    var sharedMemoryPath: String { path + "-shm" }
    /// A whole copy on its way to the store's path.
    var rescuePath: String { path + ".rescue" }
    /// A copy that may not be whole.
    var unfinishedPath: String { path + ".rescue.part" }

    /// The folder of the files.
    var folder: String { Self.split(path).folder }

    /// Gives the lock's file to the user and group of the folder, if this is root.
    func giveLockToOwner() throws(StoreError) {
        var status = stat()
        guard geteuid() == 0, unsafe stat(folder, &status) == 0 else { return }
        guard unsafe chown(lockPath, status.st_uid, status.st_gid) == 0 else {
            throw Self.failure("give to the owner of its folder", lockPath)
        }
    }

    /// Whether a file exists and is not empty.
    static func hasBytes(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_size > 0
    }

    /// Makes the folder anew if it was removed.
    func makeFolder() throws(StoreError) { try Self.makeFolder(Self.split(path).folder) }

    /// Makes what was renamed or removed in the folder durable.
    func syncFolder() throws(StoreError) { try Self.syncFolder(Self.split(path).folder) }

    /// Throws while the disk hardly has space for the next job, though a small write may still succeed.
    func checkRoom() throws(StoreError) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw Self.failure("read the free space of", path) }
        let free = UInt64(status.f_bavail) * UInt64(status.f_frsize)
        guard free >= Self.roomMin else {
            throw .full("only \(free) bytes are free on the disk of the store \(path); free some space")
        }
    }

    /// Whether the disk that holds the store has no room left.
    func diskIsFull() -> Bool {
        var status = statvfs()
        return unsafe statvfs(path, &status) == 0 && status.f_bavail == 0
    }

    /// Makes an empty file where there is none, and keeps others from reading it.
    ///
    /// Only under the lock: closing a descriptor takes SQLite's own locks from this process's connections.
    func makeFile(_: StoreLock) throws(StoreError) {
        let isNew = Self.node(path) == nil
        let file = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("open", path) }
        // Prompts and result links are in there. SQLite gives its -wal and -shm files the same mode.
        let isPrivate = fchmod(file, 0o600) == 0
        let failed = isPrivate ? nil : Self.failure("make private", path)
        close(file)
        if let failed { throw failed }
        // SQLite syncs the folder for the files that it makes; this one we made.
        if isNew { try Self.syncFolder(Self.split(path).folder) }
    }

    private static func makeFolder(_ folder: String) throws(StoreError) {
        guard node(folder) == nil else { return }
        let (parent, _) = split(folder)
        if parent != folder { try makeFolder(parent) }
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw failure("make the folder", folder)
        }
        try syncFolder(parent)
    }

    private static func syncFolder(_ folder: String) throws(StoreError) {
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open the folder", folder) }
        let failed = fsync(descriptor) == 0 ? nil : failure("sync the folder", folder)
        close(descriptor)
        if let failed { throw failed }
    }

    private static func split(_ path: String) -> (folder: String, name: String) {
        guard let slash = path.lastIndex(of: "/") else { return (".", path) }
        let folder = path[..<slash]
        return (folder.isEmpty ? "/" : String(folder), String(path[path.index(after: slash)...]))
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    static func node(_ path: String) -> Node? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Node(status)
    }

    /// Returns the error for `errno` after a call on a file of the store.
    static func failure(_ verb: String, _ path: String) -> StoreError {
        let code = errno
        let message = "cannot \(verb) \(path): \(unsafe String(cString: strerror(code)))"
        return switch code {
        case EACCES, EPERM, EROFS:
            .readOnly(
                "\(message); let this user write there, or move the store with "
                    + "REELGATE_DATA or store.sqlite")
        case ENOSPC, EDQUOT: .full("\(message); free some space")
        default: .unavailable(message)
        }
    }
}

extension StoreFiles {
    /// Identifies a file, whatever its path is later.
    struct Node: Equatable, Sendable {
        let device: UInt
        let number: UInt
    }
}

extension StoreFiles.Node {
    init(_ status: stat) { self.init(device: status.st_dev, number: status.st_ino) }
}
