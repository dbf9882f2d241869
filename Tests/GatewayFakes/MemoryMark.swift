package import Gateway
import Synchronization

/// A copy of the high-water mark without a file.
package final class MemoryMark: HighWaterMark {
    private struct State {
        var sequences: [String: Int64] = [:]
        var writes = 0
        var isAway = false
    }

    private let state = Mutex(State())

    package init() {}

    package var place: String { "memory" }

    /// What is written for any store; `nil` if nothing is.
    package var sequence: Int64? { state.withLock { $0.sequences.values.max() } }
    /// How often it was written.
    package var writes: Int { state.withLock { $0.writes } }

    /// Takes the copy away, as a disk that is not mounted, or brings it back.
    package func setAway(_ isAway: Bool) { state.withLock { $0.isAway = isAway } }
    /// Loses what was written.
    package func clear() { state.withLock { $0.sequences = [:] } }

    package func read(storeID: String) async -> Int64? {
        state.withLock { $0.isAway ? nil : $0.sequences[storeID] }
    }

    package func write(_ sequence: Int64, storeID: String) async throws(HighWaterMarkError) {
        let isAway = state.withLock { state in
            if !state.isAway {
                state.sequences[storeID] = sequence
                state.writes += 1
            }
            return state.isAway
        }
        if isAway { throw HighWaterMarkError("away") }
    }
}
