import Gateway
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

extension GatewayHandler {
    /// A task from our own state, at once or at its next change.
    func task(_ id: String, _ head: RequestHead) async throws -> HTTPResponse {
        let query = try QueryReader(head.query, ["wait"])
        let asked = try query.integer("wait", in: 0...Preferences.longestWait)
        let preferred = Preferences(head.fields.values("Prefer")).boundedWait
        let patience = asked ?? preferred ?? 0
        guard var view = try await gateway.task(id) else { throw Problem.noSuchTask }
        if patience > 0, view.record.state.isOpen, responses.response(for: view).isKnown(to: head) {
            let version = view.record.version
            let changed = try await gateway.wait(for: view.record.id, atMost: .seconds(patience)) {
                $0.version > version
            }
            view = changed ?? view
        }
        var response = responses.response(for: view).response(to: head)
        if asked == nil, let preferred { response.fields.append("Preference-Applied", "wait=\(preferred)") }
        return response
    }

    /// Withdraws a job that was not sent.
    func cancel(_ id: String) async throws -> HTTPResponse {
        guard let known = try await gateway.task(id) else { throw Problem.noSuchTask }
        switch try await gateway.cancel(known.record.id) {
        case .cancelled(let view): return responses.response(for: view).found
        case .tooLate(let view): throw Problem.cannotCancel(view.record)
        case nil: throw Problem.noSuchTask
        }
    }

    /// Settles by hand what became of a lost reply.
    func settle(_ id: String, by call: SettlementAction, _ request: HTTPRequest) async throws -> HTTPResponse
    {
        do {
            let settlement = try call.settlement(request)
            guard let known = try await gateway.task(id),
                let outcome = try await gateway.settle(known.record.id, as: settlement)
            else { throw Problem.noSuchTask }
            switch outcome {
            case .settled(let view): return call.answer(responses.response(for: view))
            case .notUncertain(let view): throw Problem.notUncertain(view.record)
            case .refused(let refusal): throw Problem(refusal)
            }
        } catch {
            throw call.forbiddingRetry(Problem(error))
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
        for view in page.views { writer.raw(responses.response(for: view).json) }
        writer.endArray()
        writer.name("has_more")
        writer.bool(page.hasMore)
        writer.member("next", page.hasMore ? page.views.last?.record.id.text : nil)
        writer.endObject()
        return .json(200, writer.bytes)
    }

    private func taskQuery(_ head: RequestHead) async throws -> TaskQuery {
        let given = try QueryReader(
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

/// The ways to settle an uncertain task: the last segment of the path.
enum SettlementAction: String, CaseIterable, Sendable {
    case adopt, dismiss, resubmit

    private static let providerTaskID = "provider_task_id"

    /// What the call's body says, read as strictly as a job.
    func settlement(_ request: HTTPRequest) throws(Problem) -> TaskLifecycle.Settlement {
        let members = try members(request)
        let names = members.members.map(\.name)
        var faults = names.filter { !fields.contains(where: $0.isIdentical) }.map { unknown($0) }
        var settlement: TaskLifecycle.Settlement?
        switch self {
        case .dismiss: settlement = .dismiss
        case .resubmit: settlement = .resubmit
        case .adopt:
            let theirs = members[Self.providerTaskID]
            settlement = theirs?.string.flatMap(ProviderTaskID.init(validating:)).map { .adopt($0) }
            if settlement == nil { faults.append(Self.fault(of: theirs)) }
        }
        if let settlement, faults.isEmpty { return settlement }
        let message = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        var problem = Problem(422, "invalid_parameters", "\(message) in the body")
        problem.faults = Array(faults.prefix(ModelCatalog.issuesMax))
        throw problem
    }

    private var fields: [String] { self == .adopt ? [Self.providerTaskID] : [] }

    private func members(_ request: HTTPRequest) throws(Problem) -> JSONObject {
        if request.body.isEmpty, self != .adopt { return JSONObject() }
        // A form of another page can send bodies without asking, but none that are JSON.
        try GatewayHandler.checkMediaType(request.head)
        let value: JSONValue
        do throws(JSONError) { value = try JSONValue(parsing: request.body) } catch {
            throw Problem(JobValidationError.malformed(error))
        }
        guard let object = value.object else {
            let message = "the body must be a JSON object"
            throw Problem(422, "invalid_parameters", message).with(
                Problem.Fault(.pointer(""), "wrong_type", message))
        }
        return object
    }

    private func unknown(_ name: String) -> Problem.Fault {
        let place = JSONPointer.root.appending(name).description
        var fault = Problem.Fault(.pointer(place), "unknown_field", "\(rawValue) has no such field")
        fault.hint = NearestName.find(name, among: fields).map { "did you mean \($0)?" }
        return fault
    }

    /// What is wrong with a value that names no task of the provider's.
    private static func fault(of value: JSONValue?) -> Problem.Fault {
        let place = Problem.Fault.Place.pointer("/\(providerTaskID)")
        guard let value else { return Problem.Fault(place, "required", "\(providerTaskID) is missing") }
        let code = value.string == nil ? "wrong_type" : "not_allowed"
        let message = "\(providerTaskID) must be a string of 1 to 256 visible ASCII characters"
        return Problem.Fault(place, code, message)
    }

    func answer(_ task: PreparedTask) -> HTTPResponse {
        var response = task.found
        if self == .resubmit { response.fields.append("x-should-retry", "false") }
        return response
    }

    /// A blind second resubmission could meet a task that was sent and lost once more, and buy again.
    func forbiddingRetry(_ problem: Problem) -> Problem {
        var problem = problem
        let mayHaveSent = problem.status == 409 || problem.status >= 500
        if self == .resubmit, mayHaveSent { problem.forbidsRetry = true }
        return problem
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

    fileprivate static func notUncertain(_ record: TaskRecord) -> Problem {
        let theirs = record.providerTaskID.map { ", the provider's task \($0)" } ?? ""
        var problem = Problem(
            409, "not_uncertain",
            "only an uncertain task can be settled; this one is \(record.state.rawValue)\(theirs)")
        problem.task = record.id
        return problem
    }
}
