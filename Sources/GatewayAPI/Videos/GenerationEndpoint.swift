import CrashPoints
import Gateway
import GatewayProtocol
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// `POST /v1/videos/generations`: takes a job and responds as its client prefers.
struct GenerationEndpoint: Sendable {
    let services: APIServices

    func respond(to request: RouteRequest) async -> HTTPResponse {
        let started = services.settings.monotonic()
        var durable: Duration?
        var response: HTTPResponse
        do {
            let options = try SubmissionOptions(request.head)
            let admitted = try await admit(request, options.key)
            durable = services.settings.monotonic()
            response = await self.response(for: admitted.record, options.preference, request)
            response.fields.append(
                lifecycleOf: admitted.record.model, services, at: admitted.record.created)
            if admitted.replayed { response.fields.append(GatewayHeader.idempotentReplayed, "true") }
        } catch {
            response = services.render(Problem(error), request.context)
        }
        let ended = services.settings.monotonic()
        let gateway = ((durable ?? ended) - started).millisecondsText
        let provider = (ended - (durable ?? ended)).millisecondsText
        response.fields.append("Server-Timing", "gateway;dur=\(gateway), provider;dur=\(provider)")
        return response
    }

    /// Validates the job and makes it durable.
    private func admit(_ request: RouteRequest, _ key: IdempotencyKey?) async throws -> AdmittedTask {
        let settings = services.settings
        let job = try services.catalog.validate(
            request.body, limits: JSONLimits(bytes: settings.bodyLimit), allowsRetired: true)
        reached(.jobValidated)
        let claim = key.map {
            IdempotencyClaim(
                client: request.caller.client, key: $0.text,
                fingerprint: JobFingerprint.text(of: job, sha256: settings.sha256))
        }
        var caller = request.caller
        let trace = RequestTrace(request)
        caller.trace = trace.ofTask
        do {
            let admitted = try await services.gateway.admit(job, for: caller, claim: claim)
            trace.link(toTaskIn: admitted.record.trace)
            return admitted
        } catch {
            let problem = Problem(admitting: error, hasKey: key != nil)
            if problem.isRefusal {
                await services.gateway.recordRefusal(
                    of: job, for: request.caller, code: problem.code.rawValue)
            }
            throw problem
        }
    }

    /// Returns the response to a durable job; it names the task, whatever happens.
    private func response(
        for record: TaskRecord, _ preference: SubmissionPreference, _ request: RouteRequest
    ) async -> HTTPResponse {
        do {
            let view = try await settledView(of: record, preference, for: request)
            let kind = SubmissionResponse(
                view.record, preference, current: services.gateway.readinessIssues(),
                secondsLeft: view.queueStatus?.waiting?.secondsLeft)
            switch kind {
            case .problem(let problem): return services.render(problem, request.context)
            case .task(let status): return response(with: view, status, preference)
            }
        } catch {
            return services.render(Problem(error).after(durable: record.id), request.context)
        }
    }

    private func response(
        with view: TaskView, _ status: Int, _ preference: SubmissionPreference
    ) -> HTTPResponse {
        var response = services.responses.response(for: view).ok
        response.status = status
        response.fields.append("Location", services.settings.links.task(view.record.id.text))
        response.fields.append(GatewayHeader.shouldRetry, "false")
        if status == 202 { response.fields.append("Retry-After", String(Self.pollSeconds)) }
        if let applied = preference.applied { response.fields.append("Preference-Applied", applied) }
        return response
    }

    /// When a client that got 202 should ask for the task, in seconds.
    private static let pollSeconds = 5

    /// Waits until the preference is satisfied or its time is over.
    private func settledView(
        of record: TaskRecord, _ preference: SubmissionPreference, for request: RouteRequest
    ) async throws -> TaskView {
        let gateway = services.gateway
        // No client waits for a person, nor for a verdict while nothing is sent for lack of space.
        let isBlocked =
            record.state == .queued && !gateway.hasLeftQueue(record.id)
            && gateway.readinessIssues().contains {
                $0.needsPerson || $0.isArchiveFull && preference == .verdict
            }
        // Waits for the end of a task are limited; the wait for a verdict is short.
        let permit = preference.isWait ? gateway.streamLimiter.permit() : nil
        defer { withExtendedLifetime(permit) {} }
        let waits = !isBlocked && (permit != nil || !preference.isWait)
        let bound = waits ? preference.waitMax(default: services.settings.submitWait) : .zero
        let credential = CallerCredential(request, services.settings)
        let caller = WaitingCaller(request.caller) {
            // The verdict on a job that was admitted is its client's, whatever becomes of the token.
            preference.isWait ? credential.caller(in: gateway) : request.caller
        }
        let view = try await gateway.wait(for: record.id, atMost: bound, for: caller) {
            preference.isSatisfied(by: $0)
        }
        guard let view else { throw Problem.taskNotFound }
        return view
    }
}

extension Problem {
    /// Whether the gateway decided against a valid job, and for certain: for the audit.
    fileprivate var isRefusal: Bool {
        status == 402 || status == 403 || status == 429 || code == .idempotencyKeyReused
            || code == .callbackNotAllowed || code == .modelRetired
    }
}

extension Duration {
    /// Milliseconds with three decimals, the unit of `Server-Timing`.
    fileprivate var millisecondsText: String {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        let decimals = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - decimals.count))\(decimals)"
    }
}
