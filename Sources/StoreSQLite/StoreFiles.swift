import Gateway
import Glibc

/// The store's files on the disk: made private to us, held for one process, and watched for being taken away.
struct StoreFiles: Sendable {
    /// Free of symbolic links, so that two ways of writing a path meet at the same lock.
    let path: String

    /// Makes the folder where there is none, and finds out the file's true path.
    static func locate(_ path: String) throws(StoreFailure) -> StoreFiles {
        let (folder, name) = split(path)
        guard !name.isEmpty else { throw .unavailable("the store's path \(path) names no file") }
        try makeFolder(folder)
        guard let folder = resolved(folder) else { throw failure("open the folder of", path) }
        return StoreFiles(path: resolved("\(folder)/\(name)") ?? "\(folder)/\(name)")
    }

    var lockPath: String { path + ".lock" }
    var writeAheadLogPath: String { path + "-wal" }

    /// Which files stand at the paths now.
    func identity() -> Identity {
        Identity(database: Self.node(path), log: Self.node(writeAheadLogPath))
    }

    /// Whether the disk that holds the store has no room left.
    func diskIsFull() -> Bool {
        var status = statvfs()
        return unsafe statvfs(path, &status) == 0 && status.f_bavail == 0
    }

    /// Makes an empty file where there is none, and keeps others from reading it.
    ///
    /// Only under the lock: closing a descriptor takes SQLite's own locks from this process's connections.
    func makeFile(_: StoreLock) throws(StoreFailure) {
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

    private static func makeFolder(_ folder: String) throws(StoreFailure) {
        guard node(folder) == nil else { return }
        let (parent, _) = split(folder)
        if parent != folder { try makeFolder(parent) }
        guard unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST else {
            throw failure("make the folder", folder)
        }
        try syncFolder(parent)
    }

    private static func syncFolder(_ folder: String) throws(StoreFailure) {
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

    private static func node(_ path: String) -> Node? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        return Node(device: status.st_dev, number: status.st_ino)
    }

    /// What `errno` says about a file of ours.
    static func failure(_ verb: String, _ path: String) -> StoreFailure {
        let code = errno
        let words = "cannot \(verb) \(path): \(unsafe String(cString: strerror(code)))"
        return switch code {
        case EACCES, EPERM, EROFS: .readOnly("\(words); let this user write there, or move the store")
        case ENOSPC, EDQUOT: .full("\(words); free some space")
        default: .unavailable(words)
        }
    }
}

extension StoreFiles {
    /// The files that were opened, to be told from others that stand at the same paths later.
    struct Identity: Equatable, Sendable {
        let database: Node?
        let log: Node?
    }

    struct Node: Equatable, Sendable {
        let device: UInt
        let number: UInt
    }
}
