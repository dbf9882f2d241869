import Synchronization
import VideoJobs

/// Compares the catalog with the provider's list of models: soon after the start, daily, and when catalog or
/// key were replaced.
///
/// Jobs come first: the list is not requested while one waits or is being sent, within a limit.
final class ModelListingService: Sendable {
    private let settings: GatewaySettings
    private let ports: GatewayPorts
    private let models: ModelRegistry
    private let submissions: SubmissionService
    private let next = Mutex(Next())
    /// The failure that was logged last.
    private let loggedFailure = Mutex<ModelListing?>(nil)

    /// The next request: whether it is due whatever its time, and what ends the wait for it.
    private struct Next {
        var isDue = false
        var event = AsyncEvent()
    }

    private static let postponement = Duration.seconds(1)

    init(
        settings: GatewaySettings, ports: GatewayPorts, models: ModelRegistry,
        _ submissions: SubmissionService
    ) {
        self.settings = settings
        self.ports = ports
        self.models = models
        self.submissions = submissions
    }

    /// Requests the list now and then until cancelled.
    func run() async {
        var interval = settings.listingDelay
        while !Task.isCancelled {
            await pause(interval)
            await postponeWhileBusy()
            guard !Task.isCancelled else { return }
            interval = await check()
        }
    }

    /// Returns after the interval, or when a request is due.
    private func pause(_ interval: Duration) async {
        let event = AsyncEvent()
        next.withLock { next in
            if next.isDue { event.set() }
            next = Next(event: event)
        }
        await ports.wait(for: event, until: ports.clock.monotonic() + interval)
    }

    private func postponeWhileBusy() async {
        let limit = ports.clock.monotonic() + settings.listingPostponementMax
        while !submissions.isIdle, !Task.isCancelled, ports.clock.monotonic() < limit {
            await ports.clock.sleep(until: ports.clock.monotonic() + Self.postponement)
        }
    }

    /// Replaces the catalog, and requests the list soon.
    func replaceCatalog(with catalog: ModelCatalog) {
        for change in models.replace(with: catalog) { log(change) }
        recheck()
    }

    /// Requests the list soon.
    func recheck() {
        next.withLock { next in
            next.isDue = true
            next.event.set()
        }
    }

    /// Requests the list once. Returns the time to the next request.
    private func check() async -> Duration {
        let listing = await ports.provider.models()
        switch listing {
        case .listed(let names):
            loggedFailure.withLock { $0 = nil }
            for change in models.record(names) { log(change) }
            return settings.listingInterval
        case .unsupported(let message):
            log(listing, message)
            return settings.listingInterval
        case .rejected(let message), .unavailable(let message):
            log(listing, message)
            return settings.listingRetryInterval
        }
    }

    private func log(_ change: ModelRegistry.Change) {
        let entry = change.entry
        var metadata: StructuredLog.Fields = ["model": "\(entry.id)"]
        guard change.isMissing else {
            ports.log.notice(
                .modelListed, "the provider lists a model of the catalog again", metadata: metadata)
            return
        }
        metadata["provider_id"] = "\(entry.providerModel)"
        metadata["on_missing"] = "\(entry.onMissing.rawValue)"
        if let successor = entry.lifecycle.successor { metadata["successor"] = "\(successor)" }
        ports.log.warning(
            .modelMissing, "the provider does not list a model of the catalog", metadata: metadata)
    }

    private func log(_ failure: ModelListing, _ message: String) {
        let isNew = loggedFailure.withLock { logged in
            defer { logged = failure }
            return logged != failure
        }
        guard isNew else { return }
        ports.log.info(
            .modelsUnknown, "the models of the provider are not known", metadata: ["reason": "\(message)"])
    }
}
