import FoundationEssentials
import GatewayProtocol
import HTTPFetching
import JSONText
import Transport
import VideoJobs

/// The gateway's HTTP API, as the commands call it.
struct GatewayClient: Sendable {
    /// Longer than any response except a video, in bytes.
    private static let responseMax: Int64 = 16 << 20

    let base: BaseURL
    let loop: EventLoop
    /// Waits between attempts; returns early when its task is cancelled.
    let pause: @Sendable (Duration) async -> Void
    private let fetcher: HTTPFetcher
    private let token: String?

    /// - Parameters:
    ///   - certificateFile: The authorities to trust, as a PEM file; `nil` for those of the system.
    ///   - token: The client's token, sent with each request; `nil` for none.
    init(
        base: BaseURL, loop: EventLoop, certificateFile: String? = nil, token: String? = nil,
        pause: (@Sendable (Duration) async -> Void)? = nil
    ) {
        self.base = base
        self.loop = loop
        self.token = token
        self.pause = pause ?? { await loop.sleep(for: $0) }
        fetcher = HTTPFetcher(
            loop: loop, userAgent: "reelgate/\(Reelgate.version)", connectionsMax: 4,
            certificateFile: certificateFile)
    }

    /// Asks what a job would cost.
    func quote(_ job: [UInt8]) async throws -> QuoteReport {
        var request = request("POST", GatewayPath.quote, body: .repeatable(job))
        request.fields += [("Content-Type", "application/json")]
        let response = try await self.response(to: request)
        guard let quote = QuoteReport(response) else { throw GatewayProblem(response) }
        return quote
    }

    /// Returns a task.
    func task(_ id: String) async throws -> TaskReport {
        try task(in: try await response(to: request("GET", GatewayPath.path(GatewayPath.task, id: id))))
    }

    /// Returns a task's record, a JSON document.
    func record(of id: String) async throws -> [UInt8] {
        let path = GatewayPath.path(GatewayPath.record, id: id)
        let response = try await self.response(to: request("GET", path))
        guard response.status == 200 else { throw GatewayProblem(response) }
        return response.body
    }

    /// Withdraws a job that was not sent.
    func cancel(_ id: String) async throws -> TaskReport {
        try task(in: try await response(to: request("POST", GatewayPath.path(GatewayPath.cancel, id: id))))
    }

    /// Accepts or rejects the video of a completed task.
    func review(_ id: String, _ review: TaskReview) async throws -> TaskReport {
        var members = JSONObject()
        members[TaskMember.verdict.rawValue] = .string(review.verdict.rawValue)
        members[TaskMember.note.rawValue] = review.note.map { .string($0) }
        let body = JSONValue.object(members).serialized()
        var request = request("POST", GatewayPath.path(GatewayPath.review, id: id), body: .repeatable(body))
        request.fields += [("Content-Type", "application/json")]
        return try task(in: try await response(to: request))
    }

    /// Settles an uncertain task. Sent once: after a lost response the caller has to look at the task before
    /// it tries again.
    func settle(
        _ id: String, by action: SettlementAction, _ members: JSONObject = JSONObject()
    ) async throws -> TaskReport {
        let body = JSONValue.object(members).serialized()
        var request = request("POST", GatewayPath.path(action.path, id: id), body: .once(body))
        request.fields += [("Content-Type", "application/json")]
        return try task(in: try await response(to: request))
    }

    /// Ends a pause of submission. Sent once.
    func resume(_ pause: SubmissionPause) async throws -> ResumeResponse {
        let body = JSONValue.object([SubmissionPause.member: .string(pause.rawValue)]).serialized()
        var request = request("POST", GatewayPath.resume, body: .once(body))
        request.fields += [("Content-Type", "application/json")]
        let response = try await self.response(to: request)
        guard let resumed = ResumeResponse(response) else { throw GatewayProblem(response) }
        return resumed
    }

    /// Returns one page of tasks, newest first, and the id after which the next page begins.
    func list(
        _ parameters: [(name: String, value: String)]
    ) async throws -> (tasks: [TaskReport], next: String?) {
        let query = parameters.map { name, value in
            "\(name)=\(PercentEncodeSet.component.encode(value.utf8))"
        }
        .joined(separator: "&")
        let response = try await self.response(to: request("GET", "\(GatewayPath.tasks)?\(query)"))
        guard response.status == 200, let json = try? JSONValue(parsing: response.body, limits: Self.limits),
            let data = json[ListMember.data]?.array
        else { throw GatewayProblem(response) }
        return (data.compactMap(TaskReport.init), json[ListMember.next]?.string)
    }

    /// Returns the body of a successful response to a call that only reads.
    func body(_ call: OperatorCall) async throws -> [UInt8] {
        var request = request(call.method, call.target)
        request.fields.append(("Accept", call.accept))
        let response = try await self.response(to: request)
        guard response.status == 200 else { throw GatewayProblem(response) }
        return response.body
    }

    /// Downloads a task's video, piece by piece, of at most so many bytes.
    func content(
        of id: String, atMost bytes: Int64, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws {
        var request = request("GET", GatewayPath.path(GatewayPath.content, id: id))
        request.timeout = nil
        request.stallTimeout = .seconds(60)
        request.responseLimit = bytes
        let response = try self.response(from: await fetcher.download(request, to: sink))
        guard response.status == 200 else { throw GatewayProblem(response) }
    }

    /// Receives an event stream, piece by piece, until it ends. Returns the status: 200, or 204 if there is
    /// nothing to send.
    ///
    /// - Parameter id: The id of the last event that is known; empty for none.
    func events(
        _ target: String, after id: String, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async throws -> Int {
        var request = request("GET", target)
        request.fields.append(("Accept", "text/event-stream"))
        if !id.isEmpty { request.fields.append(("Last-Event-ID", id)) }
        request.timeout = nil
        // The gateway sends a comment every 15 seconds.
        request.stallTimeout = .seconds(45)
        request.responseLimit = .max
        let response = try self.response(from: await fetcher.download(request, to: sink))
        guard [200, 204].contains(response.status) else { throw GatewayProblem(response) }
        return response.status
    }

    static let limits = JSONLimits(bytes: Int(responseMax))

    func request(_ method: String, _ target: String, body: FetchRequest.Body = .none) -> FetchRequest {
        var request = FetchRequest(method, base.text + target, body: body)
        request.responseLimit = Self.responseMax
        if let token { request.fields.append(("Authorization", "Bearer \(token)")) }
        return request
    }

    func response(to request: FetchRequest) async throws -> FetchResponse {
        try response(from: await fetcher.fetch(request))
    }

    private func response(from outcome: FetchOutcome) throws -> FetchResponse {
        switch outcome {
        case .completed(let response): return response
        case .failed(let failure) where failure.stage == .cancelled: throw CancellationError()
        case .failed(let failure): throw failure
        }
    }

    func task(in response: FetchResponse) throws -> TaskReport {
        guard (200...299).contains(response.status),
            let report = (try? JSONValue(parsing: response.body, limits: Self.limits)).flatMap(
                TaskReport.init)
        else { throw GatewayProblem(response) }
        return report
    }
}
