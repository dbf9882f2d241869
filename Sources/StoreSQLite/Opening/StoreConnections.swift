import GRDB

/// The open connections of a store. The writer replaces all of them after a rescue.
struct StoreConnections: Sendable {
    let writer: DatabaseQueue
    /// The prepared statements of `writer`.
    let statements = WriteStatements()
    let readers: [DatabaseQueue]
    let watch: StoreWatch
    /// The number of the last transaction in the file.
    let sequence: Int64
    /// The number of the last event in the file.
    let eventSequence: Int64
}
