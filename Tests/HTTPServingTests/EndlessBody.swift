import HTTPServing
import Synchronization

/// A body without end, which counts what is read of it.
final class EndlessBody: BodySource {
    let isEvictable = true
    private let onCancel: @Sendable () -> Void
    private let count = Atomic(0)
    private let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 16 * 1024)

    init(onCancel: @escaping @Sendable () -> Void = {}) { self.onCancel = onCancel }

    /// Bytes that were read.
    var pulled: Int { count.load(ordering: .relaxed) }

    func open(_ wakeup: BodyWakeup) {}

    func read(upTo limit: Int) -> BodyRead {
        let bytes = piece.prefix(limit)
        count.add(bytes.count, ordering: .relaxed)
        return .bytes(bytes)
    }

    func beginDraining() {}

    func cancel() { onCancel() }
}
