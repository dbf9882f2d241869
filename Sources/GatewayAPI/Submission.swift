import CrashPoints
import Gateway
import HTTPServing
import HTTPWire
import JSONText
import VideoJobs

/// What a POST of a job asks for beside the job.
struct SubmissionOptions: Equatable, Sendable {
    var preference: SubmissionPreference
    var key: IdempotencyKey?

    init(_ head: RequestHead) throws(Problem) {
        preference = SubmissionPreference(Preferences(head.fields.values("Prefer")))
        key = try IdempotencyKey(head.fields)
    }
}

extension GatewayHandler {
    /// Takes a job and answers as its client prefers.
    func submit(_ request: HTTPRequest) async -> HTTPResponse {
        let started = settings.monotonic()
        var durable: Duration?
        var response: HTTPResponse
        do {
            let terms = try SubmissionOptions(request.head)
            let admitted = try await admit(request, terms.key)
            durable = settings.monotonic()
            response = await answer(for: admitted.record, terms.preference, request.context)
            if admitted.replayed { response.fields.append("Idempotent-Replayed", "true") }
        } catch {
            response = render(Problem(error), request.context)
        }
        let ended = settings.monotonic()
        let ours = ((durable ?? ended) - started).asTiming
        let theirs = (ended - (durable ?? ended)).asTiming
        response.fields.append("Server-Timing", "gateway;dur=\(ours), provider;dur=\(theirs)")
        return response
    }

    /// Checks the job and makes it durable.
    private func admit(_ request: HTTPRequest, _ key: IdempotencyKey?) async throws -> AdmittedTask {
        let job = try catalog.validate(request.body, limits: JSONLimits(bytes: settings.bodyLimit))
        reached(.jobValidated)
        let claim = key.map {
            IdempotencyClaim(
                client: settings.client, key: $0.text,
                fingerprint: JobFingerprint.text(of: job, sha256: settings.sha256))
        }
        do {
            return try await gateway.admit(job, client: settings.client, claim: claim)
        } catch {
            throw Problem(admitting: error, hasKey: key != nil)
        }
    }

    /// The answer to a job that is durable: whatever happens, it names the task.
    private func answer(
        for record: TaskRecord, _ preference: SubmissionPreference, _ context: RequestContext
    ) async -> HTTPResponse {
        do {
            let view = try await verdict(on: record, preference)
            let answer = SubmissionAnswer(
                view.record, preference, standing: gateway.obstacles(),
                secondsLeft: view.standing?.waiting?.secondsLeft)
            switch answer {
            case .problem(let problem): return render(problem, context)
            case .task(let status): return shown(view, status, preference)
            }
        } catch {
            return render(Problem(error).after(durable: record.id), context)
        }
    }

    private func shown(
        _ view: TaskView, _ status: Int, _ preference: SubmissionPreference
    ) -> HTTPResponse {
        var response = responses.response(for: view).found
        response.status = status
        response.fields.append("Location", settings.links.task(view.record.id.text))
        response.fields.append("x-should-retry", "false")
        if status == 202 { response.fields.append("Retry-After", "5") }
        if let applied = preference.applied { response.fields.append("Preference-Applied", applied) }
        return response
    }

    /// The task when the preference is satisfied or its time is over.
    private func verdict(
        on record: TaskRecord, _ preference: SubmissionPreference
    ) async throws -> TaskView {
        // Nobody waits for what a person must mend first.
        let isHeld =
            record.state == .queued && !gateway.hasLeftQueue(record.id)
            && gateway.obstacles().contains(where: \.needsPerson)
        let bound = isHeld ? .zero : preference.patience(default: settings.submitWait)
        let view = try await gateway.wait(for: record.id, atMost: bound) { preference.isSatisfied(by: $0) }
        guard let view else { throw Problem.noSuchTask }
        return view
    }
}

extension Preferences {
    /// The longest that a client may wait in one request, in seconds.
    static let longestWait = 300

    /// How long the client would wait, as far as we go along (RFC 7240 §4.3: it is an upper bound).
    var boundedWait: Int? { wait.map { min($0, Self.longestWait) } }
}

extension SubmissionPreference {
    /// With both, the client wants to wait first and an asynchronous answer only then (RFC 7240 §4.3).
    init(_ preferences: Preferences) {
        if let seconds = preferences.boundedWait {
            self = .wait(seconds: seconds)
        } else {
            self = preferences.respondsAsync ? .respondAsync : .verdict
        }
    }

    fileprivate func patience(default bound: Duration) -> Duration {
        switch self {
        case .verdict: bound
        case .respondAsync: .zero
        case .wait(let seconds): .seconds(seconds)
        }
    }

    /// The value of `Preference-Applied` (RFC 7240 §3).
    fileprivate var applied: String? {
        switch self {
        case .verdict: nil
        case .respondAsync: "respond-async"
        case .wait(let seconds): "wait=\(seconds)"
        }
    }
}

extension Duration {
    /// Milliseconds with three decimals, as `Server-Timing` counts.
    fileprivate var asTiming: String {
        let microseconds = components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
        let decimals = String(microseconds % 1000)
        return "\(microseconds / 1000).\(String(repeating: "0", count: 3 - decimals.count))\(decimals)"
    }
}
