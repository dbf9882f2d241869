/// What a client may do besides submitting jobs and reading its own tasks.
package enum ClientRole: String, CaseIterable, Sendable {
    case submitter
    /// Sees the tasks of all clients, settles uncertain ones and manages clients.
    case `operator`
}
