import Gateway
import VideoJobs

/// What a stream sends, and to whom.
struct EventSubscription: Sendable {
    let subject: EventSubject
    let caller: Caller
    /// How to find out whether the caller still is who it was.
    let credential: CallerCredential
    /// Only tasks of this client.
    var client: String?
    /// Only changes that led to this state.
    var state: TaskState?

    init(_ subject: EventSubject, for request: RouteRequest, _ settings: APISettings) {
        self.subject = subject
        caller = request.caller
        credential = CallerCredential(request, settings)
    }

    func includes(_ record: TaskRecord) -> Bool {
        caller.maySee(tasksOf: record.client) && (client == nil || client == record.client)
            && (state == nil || state == record.state)
    }
}
