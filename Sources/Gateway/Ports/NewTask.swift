package import VideoJobs

/// A job on its way into the store.
package struct NewTask: Sendable {
    package var record: TaskRecord
    package var payload: [UInt8]
    package var claim: IdempotencyClaim?

    package init(record: TaskRecord, payload: [UInt8], claim: IdempotencyClaim? = nil) {
        self.record = record
        self.payload = payload
        self.claim = claim
    }
}
