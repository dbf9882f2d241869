import JSONText

/// The reason why a task is uncertain.
enum UncertainCause: Hashable {
    /// The gateway was killed while the request was being sent.
    case stopped
    case response(status: Int)
    /// The connection failed; the message of the network error.
    case cut(String)

    init(_ task: StoreLedger.Task) {
        let message = task.evidence?["words"]?.string ?? "no evidence"
        if let status = task.evidence?["status"]?.integer {
            self = .response(status: Int(status))
        } else if message.hasPrefix("the gateway was stopped") {
            self = .stopped
        } else {
            self = .cut(message)
        }
    }

    var message: String {
        switch self {
        case .stopped: "the gateway was killed while the POST was being sent"
        case .response(let status): "an inconclusive response, HTTP \(status)"
        case .cut(let message): "no response: \(message)"
        }
    }
}
