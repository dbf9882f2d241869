import Gateway
import Glibc

/// Keeps every other gateway out of a store, for as long as this object lives.
///
/// A lock beside SQLite's own ones, which last for a transaction only. The kernel releases it with the
/// process, however that ends.
final class StoreLock: Sendable {
    private let descriptor: CInt

    init(_ files: StoreFiles) throws(StoreFailure) {
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
        self.descriptor = file
        Self.sign(file)
    }

    deinit {
        // Closing alone would leave the lock to a child process that was forked a moment ago.
        flock(descriptor, LOCK_UN)
        close(descriptor)
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
