import Gateway
import Glibc
import Synchronization

/// Keeps every other gateway out of a store, until it is released or the object ends.
///
/// A lock beside SQLite's own ones, which last for a transaction only. The kernel releases it with the
/// process, however that ends.
final class StoreLock: Sendable {
    private let files: StoreFiles
    private let descriptor: Mutex<CInt?>

    init(_ files: StoreFiles) throws(StoreFailure) {
        self.files = files
        self.descriptor = Mutex(try Self.take(files))
    }

    deinit { release() }

    /// Lets another gateway have the store.
    func release() {
        if let held = descriptor.withLock({ $0.take() }) { Self.release(held) }
    }

    /// Takes the lock again if its file is no longer at its path, where the next gateway would look for it.
    /// Returns whether that was so; throws if another gateway was faster.
    func retake() throws(StoreFailure) -> Bool {
        guard let held = descriptor.withLock({ $0 }) else { return false }
        var status = stat()
        guard unsafe fstat(held, &status) != 0 || StoreFiles.node(files.lockPath) != StoreFiles.Node(status)
        else { return false }
        let taken = try Self.take(files)
        descriptor.withLock { $0 = taken }
        Self.release(held)
        return true
    }

    private static func take(_ files: StoreFiles) throws(StoreFailure) -> CInt {
        let file = unsafe open(files.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreFiles.failure("open", files.lockPath) }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let code = errno
            defer { close(file) }
            guard code == EWOULDBLOCK else { throw StoreFiles.failure("lock", files.lockPath) }
            throw .locked(
                """
                the store \(files.path) is in use by \(Self.owner(file)); \
                stop that gateway, or give this one a store of its own
                """)
        }
        Self.sign(file)
        return file
    }

    private static func release(_ file: CInt) {
        // Closing alone would leave the lock to a child process that was forked a moment ago.
        flock(file, LOCK_UN)
        close(file)
    }

    /// Leaves our process number for whoever finds the store taken. Only words: no one relies on it.
    private static func sign(_ file: CInt) {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(file, 0) == 0 else { return }
        _ = unsafe pwrite(file, text, text.count, 0)
    }

    private static func owner(_ file: CInt) -> String {
        var text = [UInt8](repeating: 0, count: 20)
        let count = unsafe pread(file, &text, text.count, 0)
        let digits = text.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
        guard let process = Int(String(decoding: digits, as: UTF8.self)) else { return "another gateway" }
        return process == Int(getpid()) ? "this very process" : "the gateway with process number \(process)"
    }
}
