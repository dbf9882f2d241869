import Gateway
import Glibc

extension StoreFiles {
    /// Installs a complete rescue copy that a crash left before its rename. Returns whether there was one.
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

    /// Renames the complete copy to the store's path. Replaces a file there only if it is the deleted store.
    func installRescueCopy(over deleted: Node?) throws(StoreError) {
        // A log of the deleted file would be replayed on the copy, and ruin it.
        try Self.remove(writeAheadLogPath)
        try Self.remove(sharedMemoryPath)
        if let deleted, Self.node(path) == deleted {
            guard unsafe rename(rescuePath, path) == 0 else { throw Self.failure("rename", rescuePath) }
        } else {
            // Unlike rename(2), fails if a file is there.
            guard unsafe link(rescuePath, path) == 0 else {
                throw Self.failure("install the rescued store at", path)
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

    /// Makes the copy durable and renames it to mark it complete.
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
