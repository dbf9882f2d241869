internal import Synchronization
package import Transport

/// Outbound HTTP over libcurl's multi-socket interface, on one event loop.
///
/// Proxies, TLS, names and connections are libcurl's business; the proxy variables of the environment count.
package final class HTTPFetcher: Sendable {
    private let loop: EventLoop
    private let place: LoopBound<LazyMulti>
    private let numbers = Atomic<UInt64>(0)

    /// `connectionsMax` bounds the connections that are open, idle ones included; further requests wait for
    /// one. `certificateFile` names a PEM file of authorities to trust in place of the system's.
    package init(
        loop: EventLoop, userAgent: String, connectionsMax: Int = 64, certificateFile: String? = nil
    ) {
        self.loop = loop
        let settings = CurlSettings(
            userAgent: userAgent, connectionsMax: connectionsMax, certificateFile: certificateFile)
        self.place = LoopBound(LazyMulti(settings), on: loop)
    }

    deinit {
        let place = place
        loop.post { _ in place.value.close() }
    }

    /// Does one request and returns its whole answer. Follows no redirect. Cancelled with its task.
    package func fetch(_ request: FetchRequest) async -> FetchOutcome {
        await perform(request, as: nextNumber(), into: nil)
    }

    /// Does one GET whose body is given on in pieces as it comes, off the loop's callbacks, with
    /// back-pressure. The status and fields are in the outcome; a `sink` that throws ends the transfer with
    /// `.stoppedBySink`.
    ///
    /// The sink gets the body of a 2xx only, one piece after the other; it may block. Cancelled with its
    /// task.
    package func download(
        _ request: FetchRequest, to sink: @escaping @Sendable ([UInt8]) throws -> Void
    ) async -> FetchOutcome {
        let number = nextNumber()
        let place = place
        let flow = DownloadBuffer(to: sink) { [loop] wish in
            loop.post { reactor in
                let multi = place.value.multi(on: reactor)
                switch wish {
                case .goOn: multi.resume(number)
                case .stop: multi.stop(number, because: .refusedBySink)
                }
            }
        }
        return await perform(request, as: number, into: flow)
    }

    private func perform(
        _ request: FetchRequest, as number: UInt64, into flow: DownloadBuffer?
    ) async -> FetchOutcome {
        let isCancelled = CancelFlag()
        @Sendable func begin(_ finish: @escaping @Sendable (FetchOutcome) -> Void) {
            post { multi in
                let transfer = Transfer(number: number, request: request, flow: flow, finish: finish)
                // The cancellation may have come here first.
                if isCancelled.isSet { return transfer.end(nil, code: nil, stop: .cancelled) }
                multi.start(transfer)
            }
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in begin(Self.resuming(continuation, after: flow)) }
        } onCancel: {
            isCancelled.set()
            post { $0.stop(number, because: .cancelled) }
        }
    }

    /// Resumes a waiting task with the outcome; that of a download after its last piece.
    private static func resuming(
        _ continuation: CheckedContinuation<FetchOutcome, Never>, after flow: DownloadBuffer?
    ) -> @Sendable (FetchOutcome) -> Void {
        guard let flow else { return { continuation.resume(returning: $0) } }
        return { flow.end($0) { continuation.resume(returning: $0) } }
    }

    private func nextNumber() -> UInt64 { numbers.add(1, ordering: .relaxed).newValue }

    private func post(_ body: @escaping @Sendable (CurlMulti) -> Void) {
        let place = place
        loop.post { reactor in body(place.value.multi(on: reactor)) }
    }
}

/// The fetcher's part that lives on the loop: made there, at the first request.
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

/// Whether a task was cancelled, as the loop sees it.
private final class CancelFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var isSet: Bool { flag.load(ordering: .acquiring) }
    func set() { flag.store(true, ordering: .releasing) }
}
