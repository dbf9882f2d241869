/// What the gateway decided about an action.
package enum AuditDecision: Equatable, Sendable {
    /// A job was admitted.
    case admitted
    case done
    /// The action could not be carried out.
    case failed
    /// The action was refused with this error code.
    case refused(String)

    /// The decision as it is stored and sent.
    package var text: String {
        switch self {
        case .admitted: "admitted"
        case .done: "done"
        case .failed: "failed"
        case .refused(let code): code
        }
    }

    package init(text: String) {
        switch text {
        case "admitted": self = .admitted
        case "done": self = .done
        case "failed": self = .failed
        default: self = .refused(text)
        }
    }
}
