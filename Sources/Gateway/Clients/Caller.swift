package import Tracing
import VideoJobs

/// On whose behalf the gateway is called: decides which tasks are visible and which actions are allowed.
package struct Caller: Equatable, Sendable {
    /// The client's name, the owner of the tasks that it submits.
    package let client: String
    /// Whether it sees the tasks of all clients, settles uncertain ones and manages clients.
    package let isOperator: Bool
    /// How the caller was identified.
    package let identity: Identity
    /// The client's limit of requests per minute; `nil` for none.
    package let requestsPerMinute: Int?
    /// The id of the caller's request, for the audit; empty without one.
    package var requestID = ""
    /// The trace of a task that the caller's request admits; `nil` if there is none.
    package var trace: TaskTrace?

    /// What identifies a caller.
    package enum Identity: Equatable, Sendable {
        /// A token of the client, or nothing while access is open.
        case client
        /// A certificate of this name, while access is open.
        case certificate(String)
        /// A connection of this user to the operator socket.
        case socketUser(UInt32)
    }

    package init(
        client: String, isOperator: Bool, identity: Identity = .client, requestsPerMinute: Int? = nil
    ) {
        self.client = client
        self.isOperator = isOperator
        self.identity = identity
        self.requestsPerMinute = requestsPerMinute
    }

    /// Who acts, as the audit shows it. A client's name has no colon.
    package var actor: String {
        switch identity {
        case .client: client
        case .certificate(let name): "certificate:\(name)"
        case .socketUser(let id): "socket:\(id)"
        }
    }

    /// A caller on the operator socket.
    package static func operatorSocket(user: UInt32) -> Caller {
        Caller(client: "operator", isOperator: true, identity: .socketUser(user))
    }
    /// The only client while access is open. It has an operator's rights.
    package static let open = Caller(client: "open", isOperator: true)
    /// A caller with a certificate while access is open.
    package static func open(certificate name: String) -> Caller {
        Caller(client: open.client, isOperator: true, identity: .certificate(name))
    }

    /// Whether the caller may see a task. One that it may not see does not exist for it.
    package func maySee(tasksOf client: String) -> Bool { isOperator || client == self.client }
}

extension TaskRecord {
    /// Whether a caller may see the task.
    func isVisible(to caller: Caller) -> Bool { caller.maySee(tasksOf: client) }
}
