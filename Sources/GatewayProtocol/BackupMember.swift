/// A member name of the call that records a backup, and of its response.
package enum BackupMember: String, CaseIterable, Sendable {
    case object, file, store, sequence
}
