package import HTTPFetching
import HTTPWire
import Synchronization
package import Tracing

/// Sends spans to a collector in batches (OTLP over HTTP in JSON). Nothing waits for it: while the collector
/// is away, spans are dropped.
package final class TraceExporter: Sendable {
    /// What an operator is to know.
    package enum Event: Equatable, Sendable {
        /// The collector does not take spans. Reported once, until it does again.
        case unavailable(reason: String)
        /// It takes spans again, after so many were dropped.
        case available(dropped: Int)
        /// It did not take all spans of a batch. Reported once.
        case partial(rejected: Int64, message: String?)
    }

    /// Time, and where work runs.
    package struct Environment: Sendable {
        /// Monotonic.
        package var now: @Sendable () -> Duration
        /// Returns after the time, or when the task is cancelled.
        package var sleep: @Sendable (Duration) async -> Void
        /// Seconds since 1970, for dates in `Retry-After`.
        package var wallSeconds: @Sendable () -> Int64
        package var executor: (any TaskExecutor)?

        package init(
            now: @escaping @Sendable () -> Duration, sleep: @escaping @Sendable (Duration) async -> Void,
            wallSeconds: @escaping @Sendable () -> Int64, executor: (any TaskExecutor)? = nil
        ) {
            self.now = now
            self.sleep = sleep
            self.wallSeconds = wallSeconds
            self.executor = executor
        }
    }

    private struct State {
        var nap: Task<Void, Never>?
        /// Whether it was woken since it last began to wait.
        var isWoken = false
        var isStopping = false
        var hasReportedPartial = false
        var run: Task<Void, Never>?
    }

    /// The longest wait when nothing is to be sent.
    private static let idleWait: Duration = .seconds(3600)
    private static let timeout: Duration = .seconds(10)
    private static let connectTimeout: Duration = .seconds(5)
    private static let replyMax: Int64 = 64 << 10

    private let url: String
    private let tracer: Tracer
    private let encoding: OTLPEncoding
    private let fetcher: HTTPFetcher
    private let environment: Environment
    private let report: @Sendable (Event) -> Void
    private let state = Mutex(State())

    /// - Parameter endpoint: The collector's base URL, without a slash at its end.
    package init(
        endpoint: String, tracer: Tracer, encoding: OTLPEncoding, fetcher: HTTPFetcher,
        environment: Environment, report: @escaping @Sendable (Event) -> Void
    ) {
        url = CollectorURL.traces(at: endpoint)
        self.tracer = tracer
        self.encoding = encoding
        self.fetcher = fetcher
        self.environment = environment
        self.report = report
    }

    /// Starts to send.
    package func start() {
        tracer.onSpans { [weak self] in self?.wake() }
        let run = Task(executorPreference: environment.executor) { await self.run() }
        state.withLock { $0.run = run }
    }

    /// Sends what is left, for at most the given time.
    package func stop(within bound: Duration) async {
        let run = state.withLock { state in
            state.isStopping = true
            return state.run
        }
        guard let run else { return }
        wake()
        let limit = Task(executorPreference: environment.executor) { [environment] in
            await environment.sleep(bound)
            run.cancel()
        }
        await run.value
        limit.cancel()
    }
}

// The loop.
extension TraceExporter {
    private func run() async {
        var schedule = ExportSchedule()
        var batch: [Span] = []
        var first: Duration?
        while !Task.isCancelled {
            let isStopping = state.withLock { $0.isStopping }
            let waiting = tracer.waiting + batch.count
            if waiting == 0 {
                if isStopping { return }
                first = nil
                await wait(Self.idleWait)
                continue
            }
            let now = environment.now()
            let seen = first ?? now
            first = seen
            let isFull = !batch.isEmpty || waiting >= ExportSchedule.batchMax
            let time = isStopping ? now : schedule.time(forBatchSince: isFull ? nil : seen)
            if time > now {
                await wait(time - now)
                continue
            }
            if batch.isEmpty { batch = tracer.takeBatch() }
            first = nil
            let isDone = await send(batch, &schedule)
            if isDone { batch = [] }
            // There is no time for another attempt.
            if isStopping, !isDone { return }
        }
    }

    /// Makes one attempt. Returns whether the batch is done with.
    private func send(_ batch: [Span], _ schedule: inout ExportSchedule) async -> Bool {
        let outcome = await attempt(batch)
        let jitter = Double(tracer.random() >> 11) / 0x1p53
        let decision = schedule.record(outcome, at: environment.now(), jitter: jitter)
        if decision.isDropped { tracer.drop(batch) }
        switch decision.report {
        case .unavailable(let reason): report(.unavailable(reason: reason))
        case .available: report(.available(dropped: tracer.takeDropped()))
        case nil: break
        }
        return decision.isDone
    }

    private func attempt(_ batch: [Span]) async -> ExportSchedule.Outcome {
        var request = FetchRequest("POST", url, body: .repeatable(encoding.body(of: batch)))
        request.fields = [(name: "Content-Type", value: "application/json")]
        request.timeout = Self.timeout
        request.connectTimeout = Self.connectTimeout
        request.responseLimit = Self.replyMax
        request.isDirect = true
        switch await fetcher.fetch(request) {
        case .completed(let response): return outcome(of: response)
        case .failed(let error): return .failed(reason: error.message, retryAfter: nil)
        }
    }

    private func outcome(of response: FetchResponse) -> ExportSchedule.Outcome {
        switch response.status {
        case 200..<300:
            reportPartial(OTLPReply(parsing: response.body))
            return .accepted
        // The statuses that OTLP lets a client repeat.
        case 429, 502, 503, 504:
            let delay = response["Retry-After"].flatMap { retryDelay($0) }
            return .failed(reason: "HTTP \(response.status)", retryAfter: delay)
        default: return .refused(reason: "HTTP \(response.status)")
        }
    }

    /// Parses `Retry-After`: seconds or a date (RFC 9110 §10.2.3).
    private func retryDelay(_ value: String) -> Duration? {
        if !value.isEmpty, value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return .seconds(min(Int64(value) ?? .max, 86_400))
        }
        let now = environment.wallSeconds()
        return IMFDate.parse(value, now: now).map { .seconds(max(0, $0 - now)) }
    }

    private func reportPartial(_ reply: OTLPReply) {
        guard reply.isPartial else { return }
        let isFirst = state.withLock { state in
            defer { state.hasReportedPartial = true }
            return !state.hasReportedPartial
        }
        if isFirst { report(.partial(rejected: reply.rejectedSpans, message: reply.message)) }
    }

    /// Waits, until it is woken or the time is over.
    private func wait(_ time: Duration) async {
        let nap = Task(executorPreference: environment.executor) { [environment] in
            await environment.sleep(time)
        }
        let isWoken = state.withLock { state in
            defer { state.isWoken = false }
            if !state.isWoken { state.nap = nap }
            return state.isWoken
        }
        if isWoken { nap.cancel() }
        await withTaskCancellationHandler {
            await nap.value
        } onCancel: {
            nap.cancel()
        }
        state.withLock { $0.nap = nil }
    }

    private func wake() {
        let nap = state.withLock { state in
            // While it waits, the nap ends; otherwise it looks again before it waits.
            if state.nap == nil { state.isWoken = true }
            return state.nap
        }
        nap?.cancel()
    }
}
