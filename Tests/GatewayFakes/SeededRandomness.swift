import Synchronization
import TestSupport

/// Reproducible randomness that several parts share.
package final class SeededRandomness: Sendable {
    private let state: Mutex<SeededRandom>

    package init(seed: UInt64) { state = Mutex(SeededRandom(seed: seed)) }

    package func next() -> UInt64 { state.withLock { $0.next() } }
}
