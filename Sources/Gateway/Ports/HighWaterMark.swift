/// One copy of a store's high-water mark: the highest commit sequence that was seen, kept outside the store.
package protocol HighWaterMark: Sendable {
    /// The path or address, for log lines.
    var location: String { get }
    /// Returns the last written sequence of a store; `nil` if none can be read.
    func read(storeID: String) async -> Int64?
    /// Replaces the sequence atomically and durably.
    func write(_ sequence: Int64, storeID: String) async throws(HighWaterMarkError)
}
