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

    /// Takes the lock. Waits, and reports it, if the holder is about to end.
    ///
    /// - Parameter isBrief: whether the holder is a command, for whose end a gateway waits.
    init(
        _ files: StoreFiles, isBrief: Bool = false, report: (String) -> Void = { _ in }
    ) throws(StoreError) {
        self.files = files
        self.descriptor = Mutex(try Self.take(files, isBrief: isBrief, report: report))
    }

    /// Marks this gateway as shutting down, so that the next one waits instead of failing.
    func announceClosing() {
        descriptor.withLock { held in
            if let held { Self.sign(held, "\(getpid()) \(Self.closing)") }
        }
    }

    deinit { release() }

    /// Lets another gateway have the store.
    func release() {
        if let held = descriptor.withLock({ $0.take() }) { Self.release(held) }
    }

    /// Takes the lock again if its file is no longer at its path, where the next gateway would look for it.
    /// Returns whether that was so; throws if another gateway was faster.
    func retake() throws(StoreError) -> Bool {
        guard let held = descriptor.withLock({ $0 }) else { return false }
        var status = stat()
        guard unsafe fstat(held, &status) != 0 || StoreFiles.node(files.lockPath) != StoreFiles.Node(status)
        else { return false }
        let taken = try Self.take(files, isBrief: false, report: { _ in })
        descriptor.withLock { $0 = taken }
        Self.release(held)
        return true
    }

    private static let closing = "closing"
    private static let command = "command"

    private static func take(
        _ files: StoreFiles, isBrief: Bool, report: (String) -> Void
    ) throws(StoreError) -> CInt {
        let file = unsafe open(files.lockPath, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreFiles.failure("open", files.lockPath) }
        do throws(StoreError) {
            try lock(file, of: files, report: report)
        } catch {
            close(file)
            throw error
        }
        sign(file, isBrief ? "\(getpid()) \(command)" : "\(getpid())")
        return file
    }

    private static func lock(
        _ file: CInt, of files: StoreFiles, report: (String) -> Void
    ) throws(StoreError) {
        if flock(file, LOCK_EX | LOCK_NB) == 0 { return }
        guard errno == EWOULDBLOCK else { throw StoreFiles.failure("lock", files.lockPath) }
        let holder = Holder(file)
        guard holder.isEnding else {
            throw .locked(
                """
                the store \(files.path) is in use by \(holder.message); \
                stop that gateway, or give this one a store of its own
                """)
        }
        report("waiting for the store \(files.path) until \(holder.message) has ended")
        // Its end is bounded, and the kernel releases the lock however it comes.
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else { throw StoreFiles.failure("lock", files.lockPath) }
        }
    }

    private static func release(_ file: CInt) {
        // Closing alone would leave the lock to a child process that was forked a moment ago.
        flock(file, LOCK_UN)
        close(file)
    }

    /// Writes the process number and state for a gateway that finds the store locked. Informational only: the
    /// lock itself excludes others.
    private static func sign(_ file: CInt, _ message: String) {
        let text = Array("\(message)\n".utf8)
        guard ftruncate(file, 0) == 0 else { return }
        _ = unsafe pwrite(file, text, text.count, 0)
    }

    /// Who holds a lock, as its file says.
    private struct Holder {
        let message: String
        /// Whether it is about to end.
        let isEnding: Bool

        init(_ file: CInt) {
            var text = [UInt8](repeating: 0, count: 40)
            let count = unsafe pread(file, &text, text.count, 0)
            let line = text.prefix(max(0, count)).prefix { $0 != UInt8(ascii: "\n") }
            let parts = String(decoding: line, as: UTF8.self).split(separator: " ")
            let isCommand = parts.count > 1 && parts[1] == StoreLock.command
            isEnding = isCommand || parts.count > 1 && parts[1] == StoreLock.closing
            switch parts.first.flatMap({ Int($0) }) {
            case Int(getpid())?: message = "this very process"
            case let process?:
                message = "the \(isCommand ? "command" : "gateway") with process number \(process)"
            case nil: message = "another gateway"
            }
        }
    }
}
