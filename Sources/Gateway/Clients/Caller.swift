import VideoJobs

/// On whose behalf the gateway is called: decides which tasks are visible and which actions are allowed.
package struct Caller: Equatable, Sendable {
    /// The client's name, the owner of the tasks that it submits.
    package let client: String
    /// Whether it sees the tasks of all clients, settles uncertain ones and manages clients.
    package let isOperator: Bool

    package init(client: String, isOperator: Bool) {
        self.client = client
        self.isOperator = isOperator
    }

    /// A caller on the operator socket.
    package static let operatorSocket = Caller(client: "operator", isOperator: true)
    /// The only client while access is open. It has an operator's rights.
    package static let open = Caller(client: "open", isOperator: true)

    /// Whether the caller may see a task. One that it may not see does not exist for it.
    package func maySee(tasksOf client: String) -> Bool { isOperator || client == self.client }
}

extension TaskRecord {
    /// Whether a caller may see the task.
    func isVisible(to caller: Caller) -> Bool { caller.maySee(tasksOf: client) }
}
