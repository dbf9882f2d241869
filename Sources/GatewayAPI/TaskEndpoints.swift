import Gateway
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

extension GatewayHandler {
    /// A task from our own state, at once or at its next change.
    func task(_ id: String, _ head: RequestHead) async throws -> HTTPResponse {
        let query = try KnownParameters(head.query, ["wait"])
        let asked = try query.integer("wait", in: 0...Preferences.longestWait)
        let preferred = Preferences(head.fields.values("Prefer")).boundedWait
        let patience = asked ?? preferred ?? 0
        guard var view = try await gateway.task(id) else { throw Problem.noSuchTask }
        if patience > 0, view.record.state.isOpen, view.answer.isKnown(to: head) {
            let version = view.record.version
            let changed = try await gateway.wait(for: view.record.id, atMost: .seconds(patience)) {
                $0.version > version
            }
            view = changed ?? view
        }
        var response = view.answer.response(to: head)
        if asked == nil, let preferred { response.fields.append("Preference-Applied", "wait=\(preferred)") }
        return response
    }

    /// Withdraws a job that was not sent.
    func cancel(_ id: String) async throws -> HTTPResponse {
        guard let known = try await gateway.task(id) else { throw Problem.noSuchTask }
        switch try await gateway.cancel(known.record.id) {
        case .cancelled(let view): return view.answer.found
        case .tooLate(let view): throw Problem.cannotCancel(view.record)
        case nil: throw Problem.noSuchTask
        }
    }

    /// A page of tasks, newest first.
    func tasks(_ head: RequestHead) async throws -> HTTPResponse {
        let query = try await taskQuery(head)
        let page = try await gateway.tasks(matching: query)
        var writer = JSONWriter(reserving: 1024 * (page.views.count + 1))
        writer.beginObject()
        writer.member("object", "list")
        writer.name("data")
        writer.beginArray()
        for view in page.views { writer.raw(view.answer.json) }
        writer.endArray()
        writer.name("has_more")
        writer.bool(page.hasMore)
        writer.member("next", page.hasMore ? page.views.last?.record.id.text : nil)
        writer.endObject()
        return .json(200, writer.bytes)
    }

    private func taskQuery(_ head: RequestHead) async throws -> TaskQuery {
        let given = try KnownParameters(
            head.query, ["limit", "after", "status", "model", "client", "state"])
        var query = TaskQuery(limit: try given.integer("limit", in: 1...100) ?? 20)
        query.status = try given.word("status", TaskStatus.self)
        query.state = try given.word("state", TaskState.self)
        query.model = try given.text("model")
        query.client = try given.text("client")
        if let after = try given.text("after") {
            guard let last = try await gateway.task(after) else {
                throw Problem.badParameter("after", "after names no task")
            }
            query.after = last.record.id
        }
        return query
    }
}

extension PreparedTask {
    /// The task, or that the client has it.
    func response(to head: RequestHead) -> HTTPResponse {
        guard let tags = head.fields["If-None-Match"] else { return found }
        return matches(tags, head) ? unchanged : found
    }

    /// Whether a client that named no state, or this one, may wait for the next.
    func isKnown(to head: RequestHead) -> Bool {
        guard let tags = head.fields["If-None-Match"] else { return true }
        return matches(tags, head)
    }

    private func matches(_ tags: String, _ head: RequestHead) -> Bool {
        // Nearly every client sends back the one tag that it was given.
        tags == entityTag
            || RequestConditions(head, now: 0).outcome(.init(entityTag: EntityTag.parse(entityTag)))
                == .notModified
    }
}

extension Problem {
    fileprivate static func cannotCancel(_ record: TaskRecord) -> Problem {
        var problem = Problem(
            409, "cannot_cancel",
            record.state.isOpen
                ? "the job was sent, and the provider has no cancel"
                : "the task has ended: it is \(record.status.rawValue)")
        problem.task = record.id
        return problem
    }
}
