import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// The provider's API: create and status, and the host of the results.
extension SimulatedProvider {
    mutating func create(_ request: HTTPRequest, at now: Timestamp) -> SimulatedResponse {
        ledger.count(request.head.method, "/v1/videos/generations")
        guard request.head.method == "POST" else { return SimulatedResponse(Self.wrongMethod("POST")) }
        let body = Result { () throws(JSONError) in try JSONValue(parsing: request.body) }
        var call = ProviderCall(kind: .create, path: request.head.path)
        call.body = try? body.get()
        call.prompt = call.body?["prompt"]?.string
        let actions = script.actions(for: call)
        var entry = SimulatorLedger.Entry(
            time: now, keyTail: request.head.bearerKey.map { String($0.suffix(4)) })
        entry.body = request.body
        if case .success = body { entry.isJSON = true }
        entry.scripted = actions?.names

        let response: SimulatedResponse
        if let actions, !actions.accepts {
            // A scripted success without a task: 2xx without an ID.
            response = SimulatedResponse(.json(200, Array("{}".utf8)), applying: actions, to: request.head)
        } else {
            response = accept(body, request, actions, into: &entry)
        }
        entry.status = response.response.cutAfter == nil ? response.response.status : nil
        ledger.record(entry)
        return response
    }

    /// Whether the script cuts a create after its head.
    mutating func cutsRequest(_ head: RequestHead, at wall: Timestamp) -> Bool {
        let call = ProviderCall(kind: .create, path: head.path)
        guard SimulatorRoute(head.path) == .create, let actions = script.cutsRequest(call) else {
            return false
        }
        ledger.count(head.method, "/v1/videos/generations")
        var entry = SimulatorLedger.Entry(
            time: wall + clockOffset, keyTail: head.bearerKey.map { String($0.suffix(4)) })
        entry.scripted = actions.names
        ledger.record(entry)
        return true
    }

    /// Validates a create and adds its task.
    private mutating func accept(
        _ body: Result<JSONValue, JSONError>, _ request: HTTPRequest, _ actions: FaultActions?,
        into entry: inout SimulatorLedger.Entry
    ) -> SimulatedResponse {
        do throws(ProviderFault) {
            guard request.head.bearerKey != nil else { throw .noKey }
            let job = try ProviderJob(parsed: body, furtherModels: furtherModels)
            var task = makeTask(job, at: entry.time)
            task.failure = actions?.failure
            tasks.add(task)
            entry.taskID = task.id
            let report = SimulatedReport(task: task, now: entry.time, origin: request.origin)
            return SimulatedResponse(.json(200, report.json), applying: actions, to: request.head)
        } catch {
            entry.code = error.code
            return SimulatedResponse(error.response, delay: actions?.delay ?? .zero)
        }
    }

    private mutating func makeTask(_ job: ProviderJob, at now: Timestamp) -> SimulatedTask {
        var id: String
        repeat {
            id = "task-unified-\(now.seconds)-\(random.identifier(8))"
        } while tasks[id] != nil
        return SimulatedTask(
            id: id, model: job.model, prompt: String(job.prompt.prefix(SimulatedTask.promptLengthMax)),
            isPortrait: job.isPortrait, created: now, length: taskLength,
            linkLifetime: linkLifetime, secret: random.next())
    }

    mutating func status(of id: String, _ request: HTTPRequest, at now: Timestamp) -> SimulatedResponse {
        ledger.count(request.head.method, "/v1/tasks/{id}")
        guard request.head.method == "GET" else { return SimulatedResponse(Self.wrongMethod("GET")) }
        ledger.polls += 1
        tasks.change(id) { $0.polls += 1 }
        let call = ProviderCall(kind: .status, path: request.head.path, prompt: tasks[id]?.prompt)
        let actions = script.actions(for: call)
        if let failure = actions?.failure {
            tasks.change(id) { $0.fail(failure, at: now) }
        }
        guard request.head.bearerKey != nil else {
            return SimulatedResponse(ProviderFault.noKey.response, applying: actions, to: request.head)
        }
        guard let task = tasks[id] else {
            return SimulatedResponse(ProviderFault.noSuchTask.response, applying: actions, to: request.head)
        }
        var report = SimulatedReport(task: task, now: now, origin: request.origin)
        report.status = actions?.unknownStatus
        report.lacksResults = actions?.completedWithoutResults ?? false
        return SimulatedResponse(.json(200, report.json), applying: actions, to: request.head)
    }

    mutating func content(of id: String, _ request: HTTPRequest, at now: Timestamp) -> SimulatedResponse {
        ledger.count(request.head.method, "/results/{id}.mp4")
        guard ["GET", "HEAD"].contains(request.head.method) else {
            return SimulatedResponse(Self.wrongMethod("GET, HEAD"))
        }
        ledger.downloads += 1
        if request.head.fields["Authorization"] != nil { ledger.downloadsWithKey += 1 }
        tasks.change(id) { $0.downloads += 1 }
        var call = ProviderCall(kind: .content, path: request.head.path, prompt: tasks[id]?.prompt)
        call.linkLife = tasks[id].map { $0.linkExpires - now }
        let actions = script.actions(for: call)
        let response = SimulatedResponse(
            result(of: id, request.head, actions, at: now), applying: actions, to: request.head)
        var entry = ContentRequest(
            time: now, taskID: id, range: request.head.fields["Range"],
            ifRange: request.head.fields["If-Range"])
        let hasNoHead = response.response.cutAfter != nil && !response.response.cutsBody
        entry.status = hasNoHead ? nil : response.response.status
        entry.scripted = actions?.names
        ledger.record(entry)
        return response
    }

    private func result(
        of id: String, _ head: RequestHead, _ actions: FaultActions?, at now: Timestamp
    ) -> HTTPResponse {
        guard let task = tasks[id], task.isReady(at: now) else {
            return .storageError(404, "NoSuchKey", "The specified key does not exist.")
        }
        guard head.query == task.linkQuery else {
            return .storageError(403, "SignatureDoesNotMatch", "The signature is not that of this link.")
        }
        guard now < task.linkExpires, actions?.expireLinks != true else {
            return .storageError(403, "AccessDenied", "Request has expired.")
        }
        return SimulatedMedia.video(of: task, to: head, actions)
    }

    static func wrongMethod(_ allowed: String) -> HTTPResponse {
        var response = ProviderFault(405, "method_not_allowed", "use \(allowed)").response
        response.fields.append("Allow", allowed)
        return response
    }
}

extension ProviderJob {
    fileprivate init(
        parsed body: Result<JSONValue, JSONError>, furtherModels: [String]
    ) throws(ProviderFault) {
        switch body {
        case .success(let value): try self.init(value, furtherModels: furtherModels)
        case .failure(let error):
            throw ProviderFault(400, "bad_request", "line \(error.line): \(error.message)")
        }
    }
}

extension SimulatedResponse {
    /// The number of bytes sent before a cut within the response: the status line and a part of the fields.
    private static let partialHeadLength = 40
    /// The maximum duration of a hanging connection.
    static let hangMax: Duration = .seconds(600)

    /// Applies the actions of a script to a response.
    init(_ response: HTTPResponse, applying actions: FaultActions?, to head: RequestHead) {
        self.init(response, delay: actions?.delay ?? .zero)
        switch actions?.reply {
        case nil: break
        case .status(let status, let retryAfter)? where status < 300:
            self.response.status = status
            if let retryAfter { self.response.fields.append("Retry-After", retryAfter) }
        case .status(let status, let retryAfter)?:
            var fault = ProviderFault.scripted(status)
            fault.retryAfter = retryAfter
            self.response = fault.response
        case .garbage(let status)?:
            let page = "<html><body>\u{26A1} error code: 1010</body></html>\n"
            self.response = .bytes(status, Array(page.utf8), type: "text/html; charset=utf-8")
        case .redirect(let status, let location)?:
            self.response = .bytes(status, [], type: "text/plain")
            self.response.fields.append("Location", ReplyVariables(response, to: head).fill(location))
        case .written(let reply)?:
            self.response = reply.response(filledWith: ReplyVariables(response, to: head))
        case .cut(.within)?: cut(after: Self.partialHeadLength)
        case .cut(.request)?, .cut(.before)?, .cut(.after)?: cut(after: 0)
        case .hang?:
            cut(after: 0)
            self.delay = Self.hangMax
        }
        self.response.throttle = actions?.throttle
        self.response.closes = actions?.closes ?? false
    }

    private mutating func cut(after count: Int) {
        response.cutAfter = count
        response.cutsBody = false
    }
}

extension HTTPRequest {
    /// The origin of links to the requested host.
    fileprivate var origin: String { "\(context.secure ? "https" : "http")://\(head.authority)" }
}

extension HTTPResponse {
    /// An error of the results' host, a storage service with XML errors.
    fileprivate static func storageError(_ status: Int, _ code: String, _ message: String) -> HTTPResponse {
        let text = "<Error><Code>\(code)</Code><Message>\(message)</Message></Error>\n"
        return .bytes(status, Array(text.utf8), type: "application/xml")
    }
}
