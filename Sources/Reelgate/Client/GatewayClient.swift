import FoundationEssentials
import HTTPFetching
import JSONText
import Transport

/// The calls of a gateway that the commands make.
struct GatewayClient: Sendable {
    /// What a look at a task brought.
    enum Look: Sendable {
        /// Still as it was known.
        case unchanged
        case task(TaskReport, tag: String?)
    }

    /// Longer than any answer that is no video.
    private static let answerMax: Int64 = 16 << 20

    let base: BaseURL
    let loop: EventLoop
    /// How it waits between attempts; returns early when its task is cancelled.
    let pause: @Sendable (Duration) async -> Void
    private let fetcher: HTTPFetcher

    /// `certificateFile`: the authorities to trust, as a PEM file; `nil` for those of the system.
    init(
        base: BaseURL, loop: EventLoop, certificateFile: String? = nil,
        pause: (@Sendable (Duration) async -> Void)? = nil
    ) {
        self.base = base
        self.loop = loop
        self.pause = pause ?? { await loop.sleep(for: $0) }
        fetcher = HTTPFetcher(
            loop: loop, userAgent: "reelgate/\(Reelgate.version)", connectionsMax: 4,
            certificateFile: certificateFile)
    }

    /// Sends a job, and again under the same key if the answer was lost, which the gateway takes for one job.
    func submit(_ job: [UInt8], idempotencyKey: String) async throws -> TaskReport {
        var request = request("POST", "/v1/videos/generations", body: .repeatable(job))
        request.fields = [("Content-Type", "application/json"), ("Idempotency-Key", idempotencyKey)]
        // The gateway waits for the provider's verdict, and for its own disk.
        request.timeout = .seconds(120)
        var failures = 0
        while true {
            do {
                return try task(in: try await answer(to: request)).report
            } catch let failure as FetchError where failure.stage == .afterSending && failures < 3 {
                failures += 1
                await pause(.milliseconds(500 << failures))
                try Task.checkCancellation()
            }
        }
    }

    /// Looks at a task; returns when it is no longer as known, or after so many seconds.
    func look(at id: String, known tag: String?, wait seconds: Int) async throws -> Look {
        var request = request("GET", "/v1/tasks/\(id)" + (seconds > 0 ? "?wait=\(seconds)" : ""))
        request.timeout = .seconds(seconds + 30)
        if let tag { request.fields.append(("If-None-Match", tag)) }
        let response = try await answer(to: request)
        if response.status == 304 { return .unchanged }
        let (report, tag) = try task(in: response)
        return .task(report, tag: tag)
    }

    func cancel(_ id: String) async throws -> TaskReport {
        try task(in: try await answer(to: request("POST", "/v1/tasks/\(id)/cancel"))).report
    }

    /// Settles an uncertain task by the call of this name: `adopt`, `dismiss` or `resubmit`. Sent once:
    /// whoever gets no answer has to look before trying again.
    func settle(
        _ id: String, by call: String, _ members: JSONObject = JSONObject()
    ) async throws -> TaskReport {
        let body = JSONValue.object(members).serialized()
        var request = request("POST", "/v1/tasks/\(id)/\(call)", body: .once(body))
        request.fields = [("Content-Type", "application/json")]
        return try task(in: try await answer(to: request)).report
    }

    /// Ends a pause of submission. Sent once.
    func resume(reason: String) async throws -> ResumeAnswer {
        let body = JSONValue.object(["reason": .string(reason)]).serialized()
        var request = request("POST", "/v1/submission/resume", body: .once(body))
        request.fields = [("Content-Type", "application/json")]
        let response = try await answer(to: request)
        guard let answer = ResumeAnswer(response) else { throw GatewayProblem(response) }
        return answer
    }

    /// One page of tasks, newest first, and what to go on after.
    func list(
        _ parameters: [(name: String, value: String)]
    ) async throws -> (tasks: [TaskReport], next: String?) {
        let query = parameters.map { "\($0.name)=\(Self.escaped($0.value))" }.joined(separator: "&")
        let response = try await answer(to: request("GET", "/v1/tasks?\(query)"))
        guard response.status == 200, let json = try? JSONValue(parsing: response.body, limits: Self.limits),
            let data = json["data"]?.array
        else { throw GatewayProblem(response) }
        return (data.compactMap(TaskReport.init), json["next"]?.string)
    }

    /// Fetches a task's video in pieces.
    func content(of id: String, to sink: @escaping @Sendable ([UInt8]) throws -> Void) async throws {
        var request = request("GET", "/v1/tasks/\(id)/content")
        request.timeout = nil
        request.stallTimeout = .seconds(60)
        request.responseLimit = .max
        let response = try answer(await fetcher.download(request, to: sink))
        guard response.status == 200 else { throw GatewayProblem(response) }
    }

    private static let limits = JSONLimits(bytes: Int(answerMax))

    private func request(_ method: String, _ target: String, body: FetchRequest.Body = .none) -> FetchRequest
    {
        var request = FetchRequest(method, base.text + target, body: body)
        request.responseLimit = Self.answerMax
        return request
    }

    private func answer(to request: FetchRequest) async throws -> FetchResponse {
        try answer(await fetcher.fetch(request))
    }

    private func answer(_ outcome: FetchOutcome) throws -> FetchResponse {
        switch outcome {
        case .answered(let response): return response
        case .failed(let failure) where failure.stage == .cancelled: throw CancellationError()
        case .failed(let failure): throw failure
        }
    }

    private func task(in response: FetchResponse) throws -> (report: TaskReport, tag: String?) {
        guard (200...299).contains(response.status),
            let report = (try? JSONValue(parsing: response.body, limits: Self.limits)).flatMap(
                TaskReport.init)
        else { throw GatewayProblem(response) }
        return (report, response["ETag"])
    }

    /// Letters, digits and what RFC 3986 §2.3 adds to them.
    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "-._~".utf8.contains(byte)
        }
    }

    /// A value as it may stand in a query (RFC 3986 §3.4).
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        let bytes = text.utf8.flatMap { byte in
            isPlain(byte)
                ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension CommandError {
    /// An error of a call, as the person at the command is told it.
    init(_ error: any Error, asking base: BaseURL) {
        switch error {
        case let failure as CommandError:
            self = failure
        case let problem as GatewayProblem:
            self = Self.proxyAnswer(problem, asking: base) ?? problem.failure
        case let failure as FetchError:
            self.init(
                "cannot reach the gateway at \(base.text): \(failure.message)",
                remedy: failure.proxy.map { Self.remedy(for: $0, asking: base) }
                    ?? "Start it with reelgate serve, or say where it is with --gateway or REELGATE_URL.",
                status: .unreachable)
        default:
            self.init("\(error)")
        }
    }

    /// What is said of an answer that is no gateway's, where a proxy may have made it.
    private static func proxyAnswer(_ problem: GatewayProblem, asking base: BaseURL) -> CommandError? {
        guard !problem.isGateways, let proxy = OutboundProxy.used(forURL: base.text) else { return nil }
        return CommandError(
            "cannot reach the gateway at \(base.text) through the proxy \(proxy): \(problem.detail) "
                + "(\(problem.status))",
            remedy: remedy(for: proxy, asking: base), status: .unreachable)
    }

    private static func remedy(for proxy: OutboundProxy, asking base: BaseURL) -> String {
        "Unset \(proxy.variable), or add \(base.hostName) to no_proxy, if the gateway can be reached without "
            + "a proxy."
    }
}
