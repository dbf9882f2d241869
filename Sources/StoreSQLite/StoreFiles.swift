import Gateway
import Glibc

/// The store's files on the disk: made private to us, held for one process, and watched for being taken away.
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

    /// Makes the folder anew if it was removed.
    func makeFolder() throws(StoreError) { try Self.makeFolder(Self.split(path).folder) }

    /// Makes what was renamed or removed in the folder durable.
    func syncFolder() throws(StoreError) { try Self.syncFolder(Self.split(path).folder) }

    /// Throws while the disk has hardly room for the next job: a trifle may still fit.
    func checkRoom() throws(StoreError) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw Self.failure("look at the disk of", path) }
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

    /// What `errno` says about a file of ours.
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
    /// Tells a file from another that stands at the same path later.
    struct Node: Equatable, Sendable {
        let device: UInt
        let number: UInt
    }

    /// Takes the place of a store that was deleted, if a crash came between its rescue and the last rename.
    /// Returns whether there was such a copy.
    func adoptRescueCopy(_: StoreLock) throws(StoreError) -> Bool {
        try Self.remove(unfinishedPath)
        guard Self.node(rescuePath) != nil else { return false }
        // A copy beside a whole store is from a crash before the rename that was to replace it, and holds
        // nothing that the store does not.
        guard Self.node(path) == nil else {
            try Self.remove(rescuePath)
            return false
        }
        try installRescueCopy(over: nil)
        return true
    }

    /// Gives the whole copy the store's name. What stands there goes if it is `ours`; anything else stays.
    func installRescueCopy(over ours: Node?) throws(StoreError) {
        // A log of the deleted file would be replayed on the copy, and ruin it.
        try Self.remove(writeAheadLogPath)
        try Self.remove(sharedMemoryPath)
        if let ours, Self.node(path) == ours {
            guard unsafe rename(rescuePath, path) == 0 else { throw Self.failure("rename", rescuePath) }
        } else {
            // Unlike rename(2), fails if anything stands there.
            guard unsafe link(rescuePath, path) == 0 else {
                throw Self.failure("put the rescued store in place at", path)
            }
            try Self.remove(rescuePath)
        }
        try syncFolder()
    }

    /// Makes an empty file for a copy, for this user alone.
    func beginRescue() throws(StoreError) {
        try Self.remove(unfinishedPath)
        let file = unsafe open(unfinishedPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw Self.failure("make", unfinishedPath) }
        close(file)
    }

    /// Makes the copy durable and notes in its name that it is whole.
    func finishRescue() throws(StoreError) {
        let file = unsafe open(unfinishedPath, O_RDWR | O_CLOEXEC)
        guard file >= 0 else { throw Self.failure("open", unfinishedPath) }
        let failed = fsync(file) == 0 ? nil : Self.failure("sync", unfinishedPath)
        close(file)
        if let failed { throw failed }
        guard unsafe rename(unfinishedPath, rescuePath) == 0 else {
            throw Self.failure("rename", unfinishedPath)
        }
        try syncFolder()
    }

    private static func remove(_ path: String) throws(StoreError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT else { throw failure("remove", path) }
    }
}

/// The store's files as they were opened, and what became of their names since.
///
/// SQLite goes on writing into files that were removed or replaced, and nothing of that would be found again.
final class StoreWatch: Sendable {
    /// What became of the files.
    enum Finding: Equatable {
        case inPlace
        /// The file exists, but not at its path: it can be put back.
        case moved(String)
        /// Another file stands at the path.
        case replaced(String)
        /// The file has no name left anywhere: what it holds is in our descriptors alone.
        case deleted(String)
    }

    /// A descriptor that only names a file (`O_PATH`): unlike any other, closing it takes none of SQLite's
    /// locks from this process.
    private struct Held {
        let path: String
        let descriptor: CInt
        let node: StoreFiles.Node
    }

    /// The database first.
    private let held: [Held]

    /// Takes hold of the files, which SQLite has open now.
    init(_ files: StoreFiles) throws(StoreError) {
        var held: [Held] = []
        for path in [files.path, files.writeAheadLogPath, files.sharedMemoryPath] {
            let descriptor = unsafe open(path, __O_PATH | O_CLOEXEC)
            guard descriptor >= 0, let status = Self.status(descriptor) else {
                let failed = StoreFiles.failure("look at", path)
                for other in held { close(other.descriptor) }
                throw failed
            }
            held.append(Held(path: path, descriptor: descriptor, node: StoreFiles.Node(status)))
        }
        self.held = held
    }

    deinit { for file in held { close(file.descriptor) } }

    /// The database file as it was opened.
    var database: StoreFiles.Node? { held.first?.node }

    /// Looks at all files; the worst that can not be mended here comes first.
    func look() -> Finding {
        var deleted: Finding?
        for file in held {
            switch Self.look(at: file) {
            case .inPlace: break
            case .deleted(let path): deleted = deleted ?? .deleted(path)
            case .moved(let path): return .moved(path)
            case .replaced(let path): return .replaced(path)
            }
        }
        return deleted ?? .inPlace
    }

    private static func look(at file: Held) -> Finding {
        if let node = StoreFiles.node(file.path) {
            return node == file.node ? .inPlace : .replaced(file.path)
        }
        return status(file.descriptor)?.st_nlink == 0 ? .deleted(file.path) : .moved(file.path)
    }

    private static func status(_ descriptor: CInt) -> stat? {
        var status = stat()
        return unsafe fstat(descriptor, &status) == 0 ? status : nil
    }
}

extension StoreFiles.Node {
    init(_ status: stat) { self.init(device: status.st_dev, number: status.st_ino) }
}
