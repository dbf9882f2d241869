package import Gateway
import Synchronization

/// A copy of the high-water mark without a file.
package final class MemoryMark: HighWaterMark {
    private struct State {
        var sequences: [String: Int64] = [:]
        var writes = 0
        var isUnavailable = false
    }

    private let state = Mutex(State())

    package init() {}

    package var location: String { "memory" }

    /// The highest sequence of any store; `nil` if none was written.
    package var sequence: Int64? { state.withLock { $0.sequences.values.max() } }
    /// The number of writes.
    package var writes: Int { state.withLock { $0.writes } }

    /// Makes the copy unavailable, as an unmounted disk, or available again.
    package func setUnavailable(_ isUnavailable: Bool) {
        state.withLock { $0.isUnavailable = isUnavailable }
    }
    /// Removes what was written.
    package func clear() { state.withLock { $0.sequences = [:] } }

    package func read(storeID: String) async -> Int64? {
        state.withLock { $0.isUnavailable ? nil : $0.sequences[storeID] }
    }

    package func write(_ sequence: Int64, storeID: String) async throws(HighWaterMarkError) {
        let isUnavailable = state.withLock { state in
            if !state.isUnavailable {
                state.sequences[storeID] = sequence
                state.writes += 1
            }
            return state.isUnavailable
        }
        if isUnavailable { throw HighWaterMarkError("unavailable") }
    }
}
