/// The states of a task, replayed from the names of its events.
///
/// Written from the contract, independently of the gateway's code.
struct EventReplay {
    /// The state after each event.
    private(set) var states: [String] = []
    /// The first event that is not allowed.
    private(set) var issue: String?

    init(_ events: [StoreLedger.Event]) {
        for (index, event) in events.enumerated() {
            guard event.number == index + 1 else {
                issue = "event \(index + 1) has the number \(event.number)"
                return
            }
            guard let next = Self.step(from: states.last, by: event.name) else {
                issue = "\(event.name) cannot follow \(states.last ?? "nothing")"
                return
            }
            states.append(next)
        }
        if events.isEmpty { issue = "there are no events" }
    }

    /// Returns the state after an event; `nil` if the event is not allowed in this state.
    private static func step(from state: String?, by name: String) -> String? {
        switch (state, name) {
        case (nil, "admitted"): "queued"
        case ("queued", "sending"): "sending"
        case ("queued", "cancelled"): "cancelled"
        case ("sending", "accepted"): "running"
        case ("sending", "not_accepted"): "queued"
        case ("sending", "uncertain"): "uncertain"
        case ("sending", "failed"), ("running", "failed"), ("archiving", "failed"): "failed"
        case ("running", "progress"), ("running", "slow"): "running"
        case ("running", "archiving"), ("failed", "recovered"): "archiving"
        case ("archiving", "archive_failed"), ("archiving", "links_renewed"), ("archiving", "slow"):
            "archiving"
        case ("archiving", "completed"), ("completed", "content_fetched"), ("completed", "removal_warned"):
            "completed"
        default: nil
        }
    }
}
