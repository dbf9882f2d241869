/// One copy of a store's high-water mark: the highest commit sequence that was seen, kept outside the store.
package protocol HighWaterMark: Sendable {
    /// Where it is, for a person.
    var place: String { get }
    /// The sequence that was written last for a store; `nil` if there is none that can be read.
    func read(storeID: String) async -> Int64?
    /// Replaces the sequence, durably and at once: a reader finds the old one or the new one, whole.
    func write(_ sequence: Int64, storeID: String) async throws(HighWaterMarkError)
}

/// Why a high-water mark could not be written.
package struct HighWaterMarkError: Error, Equatable, Sendable {
    package var message: String

    package init(_ message: String) { self.message = message }
}
