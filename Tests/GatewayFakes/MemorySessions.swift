import Gateway
import Synchronization

/// The sessions of a store in memory.
final class MemorySessions: Sendable {
    private let stored = Mutex<[TokenDigest: Session]>([:])

    var all: [Session] { stored.withLock { Array($0.values) } }

    func insert(_ session: Session, deleting ended: [TokenDigest]) {
        stored.withLock { stored in
            for digest in ended { stored[digest] = nil }
            stored[session.digest] = session
        }
    }

    func delete(_ digest: TokenDigest) { stored.withLock { $0[digest] = nil } }
}
