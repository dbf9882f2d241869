internal import Synchronization
package import Tracing
package import Transport

/// An HTTP client on libcurl's multi-socket interface, running on one event loop.
///
/// libcurl handles proxies, TLS, name resolution and connections, and honours the environment's proxy
/// variables.
package final class HTTPFetcher: Sendable {
    private let loop: EventLoop
    private let multi: LoopBound<LazyMulti>
    private let numbers = Atomic<UInt64>(0)
    private let tracer: Tracer?

    /// Creates a fetcher. `connectionsMax` limits open connections, including idle ones; further requests
    /// wait. `certificateFile`: a PEM file of authorities to trust instead of the system's. `tracer`: records
    /// spans of requests with a `trace`.
    package init(
        loop: EventLoop, userAgent: String, connectionsMax: Int = 64, certificateFile: String? = nil,
        tracer: Tracer? = nil
    ) {
        self.loop = loop
        self.tracer = tracer
        let settings = CurlSettings(
            userAgent: userAgent, connectionsMax: connectionsMax, certificateFile: certificateFile)
        self.multi = LoopBound(LazyMulti(settings), on: loop)
    }

    deinit {
        let multi = multi
        loop.post { _ in multi.value.close() }
    }

    /// Performs a request and returns its complete response. Does not follow redirects. Cancelled with its
    /// task.
    package func fetch(_ request: FetchRequest) async -> FetchOutcome {
        let traced = TracedRequest(request, tracer)
        let outcome = await perform(traced.request, as: nextNumber(), into: nil)
        traced.end(outcome)
        return outcome
    }

    /// Performs a GET and passes the body to `sink` piece by piece with back-pressure, off the loop. The
    /// outcome holds status and fields.
    ///
    /// The sink receives bodies of 2xx responses only, serially, and may block. If it throws, the transfer
    /// ends with `.stoppedBySink`. Cancelled with its task.
    package func download(
        _ request: FetchRequest, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async -> FetchOutcome {
        await download(request, into: DownloadSink(sink))
    }

    /// Performs a GET and passes the head and the body to `sink`, as above.
    package func download(_ request: FetchRequest, into sink: DownloadSink) async -> FetchOutcome {
        let traced = TracedRequest(request, tracer)
        let number = nextNumber()
        let multi = multi
        let download = DownloadBuffer(to: sink) { [loop] request in
            loop.post { reactor in
                let curl = multi.value.multi(on: reactor)
                switch request {
                case .resume: curl.resume(number)
                case .stop: curl.stop(number, because: .rejectedBySink)
                }
            }
        }
        let outcome = await perform(traced.request, as: number, into: download)
        traced.end(outcome)
        return outcome
    }

    private func perform(
        _ request: FetchRequest, as number: UInt64, into download: DownloadBuffer?
    ) async -> FetchOutcome {
        let isCancelled = CancelFlag()
        @Sendable func begin(_ finish: @escaping @Sendable (FetchOutcome) -> Void) {
            post { multi in
                let transfer = Transfer(number: number, request: request, download: download, finish: finish)
                // The cancellation may have arrived first.
                if isCancelled.isSet { return transfer.end(nil, code: nil, stop: .cancelled) }
                multi.start(transfer)
            }
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                begin(Self.resuming(continuation, after: download))
            }
        } onCancel: {
            isCancelled.set()
            post { $0.stop(number, because: .cancelled) }
        }
    }

    /// Returns a closure that resumes a waiting task with the outcome; for downloads after the last piece.
    private static func resuming(
        _ continuation: CheckedContinuation<FetchOutcome, Never>, after download: DownloadBuffer?
    ) -> @Sendable (FetchOutcome) -> Void {
        guard let download else { return { continuation.resume(returning: $0) } }
        return { download.end($0) { continuation.resume(returning: $0) } }
    }

    /// Makes what the first request would: libcurl reads its configuration, which takes milliseconds.
    package func prepare() async {
        post { _ in }
        await loop.turn()
    }

    private func nextNumber() -> UInt64 { numbers.add(1, ordering: .relaxed).newValue }

    private func post(_ body: @escaping @Sendable (CurlMulti) -> Void) {
        let multi = multi
        loop.post { reactor in body(multi.value.multi(on: reactor)) }
    }
}

/// The loop-confined part of the fetcher, created at the first request or before.
private final class LazyMulti {
    private let settings: CurlSettings
    private var multi: CurlMulti?

    init(_ settings: CurlSettings) { self.settings = settings }

    func multi(on reactor: Reactor) -> CurlMulti {
        if let multi { return multi }
        let made = CurlMulti(reactor: reactor, settings)
        multi = made
        return made
    }

    func close() {
        multi?.close()
        multi = nil
    }
}

/// Whether a task was cancelled, readable on the loop.
private final class CancelFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}
