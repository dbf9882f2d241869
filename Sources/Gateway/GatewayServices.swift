import VideoJobs

/// All services of a gateway, joined.
struct GatewayServices: Sendable {
    let settings: GatewaySettings
    let ports: GatewayPorts
    let shutdown = ShutdownState()
    let streamLimiter: StreamLimiter
    let storeHealth: StoreHealth
    let models: ModelRegistry
    let listing: ModelListingService
    let clients: ClientRegistry
    let sessions: SessionRegistry
    let audit: AuditTrail
    let spending: SpendingPolicy
    let archiveHealth: ArchiveHealth
    let space: ArchiveSpace
    let reservations: SpaceReservations
    let marks: HighWaterMarks
    let repository: TaskRepository
    let submissions: SubmissionService
    let durations: DurationHistory
    let slowness: SlownessService
    let polls: PollService
    let archives: ArchiveService
    let retention: RetentionService
    let deliveries: DeliveryService
    let notices: NoticeService
    let restoration: RestorationService
    let settlement: SettlementService
    let tasks: TaskReader

    init(settings: GatewaySettings, ports: GatewayPorts, observers: [any TaskObserver]) {
        (self.settings, self.ports, space) = (settings, ports, ArchiveSpace(settings: settings))
        (streamLimiter, models) = (StreamLimiter(limit: settings.streamsMax), ModelRegistry(settings.catalog))
        let (steadyTime, cache) = (SteadyTime(ports.clock), TaskCache(endedMax: settings.endedCacheMax))
        storeHealth = StoreHealth(ports: ports, settings: settings)
        clients = ClientRegistry(ports: ports, health: storeHealth)
        sessions = SessionRegistry(ports: ports, clients: clients, health: storeHealth)
        audit = AuditTrail(ports: ports, health: storeHealth)
        spending = SpendingPolicy(ports: ports, settings: settings, clients: clients, health: storeHealth)
        archiveHealth = ArchiveHealth(ports: ports, settings: settings)
        marks = HighWaterMarks(ports: ports, settings: settings)
        let feed = TaskFeed(cache: cache, observers: observers, waits: TaskWaits(ports: ports))
        repository = TaskRepository(ports: ports, cache: cache, feed: feed, health: storeHealth, marks: marks)
        durations = DurationHistory(ports: ports, health: storeHealth)
        slowness = SlownessService(ports: ports, repository: repository, durations, steadyTime)
        retention = RetentionService(
            settings: settings, ports: ports, repository: repository,
            health: (storeHealth, archiveHealth), space: space, steadyTime: steadyTime)
        reservations = SpaceReservations(ports: ports, space: space, retention: retention)
        submissions = SubmissionService(
            settings: settings, ports: ports, repository: repository, health: storeHealth, models: models,
            shutdown: shutdown, spending: spending, durations: durations, reservations: reservations)
        listing = ModelListingService(settings: settings, ports: ports, models: models, submissions)
        polls = PollService(settings: settings, ports: ports, repository: repository)
        archives = ArchiveService(
            settings: settings, ports: ports, repository: repository, health: archiveHealth,
            steadyTime: steadyTime)
        deliveries = DeliveryService(ports: ports, health: storeHealth)
        notices = NoticeService(
            ports: ports, health: storeHealth, clients: clients, spending: spending,
            submissions: submissions, deliveries: deliveries)
        restoration = RestorationService(
            settings: settings, ports: ports, repository: repository, submissions: submissions,
            marks: marks, health: storeHealth)
        tasks = TaskReader(
            ports: ports, repository: repository, submissions: submissions, health: storeHealth,
            shutdown: shutdown)
        settlement = SettlementService(
            ports: ports, repository: repository, tasks: tasks, health: storeHealth, spending: spending,
            models: models)
        connect()
    }

    /// Connects services that follow the changes of others.
    private func connect() {
        clients.observeChanges { [weak clients, weak submissions, weak notices] name in
            if let clients { submissions?.updateWeight(of: name, from: clients) }
            notices?.noteSpender(name)
        }
        submissions.observeEnds { [weak notices] in notices?.noteSubmissionEnd($0) }
        spending.observeRefusals { [weak notices] in notices?.noteRefusal(by: $0) }
        clients.policy.observe { [waits = repository.feed.waits] in waits.endAll(as: .policyChanged) }
        let reconciler = Reconciler(
            submissions: submissions, polls: polls, archives: archives, deliveries: deliveries,
            notices: notices, durations: durations, slowness: slowness, space: space, retention: retention)
        repository.feed.reconcile(with: { reconciler.reconcile($0, after: $1) })
    }

    /// Recovers the tasks of the store at the start.
    var recovery: RecoveryService {
        RecoveryService(settings: settings, ports: ports, repository: repository, restoration: restoration)
    }

    /// Finds archived content.
    var content: ContentReader {
        ContentReader(
            ports: ports, tasks: tasks, health: archiveHealth, removals: retention.removals)
    }

    /// Judges whether jobs get through.
    var readiness: ReadinessCheck {
        ReadinessCheck(
            ports: ports, shutdown: shutdown, store: storeHealth, archive: archiveHealth,
            submissions: submissions)
    }

    /// Reads stored events.
    var events: EventReader { EventReader(ports: ports, health: storeHealth) }

    /// Reads what clients spent.
    var usage: UsageReader { UsageReader(ports: ports, clients: clients, health: storeHealth) }

    /// Records what people think of finished videos.
    var reviews: ReviewService {
        ReviewService(ports: ports, repository: repository, tasks: tasks, health: storeHealth)
    }

    /// Checks callbacks, and shows and repeats deliveries.
    var webhooks: WebhookService {
        WebhookService(ports: ports, tasks: tasks, health: storeHealth, deliveries: deliveries)
    }

    /// Quotes jobs.
    var quotes: QuoteService {
        QuoteService(
            ports: ports, clients: clients, submissions: submissions, health: storeHealth,
            webhooks: webhooks)
    }

    /// Begins to write the high-water marks of a store.
    func followMarks(of identity: StoreIdentity) {
        marks.start(for: identity.id) { [weak restoration] in await restoration?.handleMarkAhead($0) }
    }

    /// Starts all services; each runs until it is cancelled.
    func run() -> RunningServices {
        RunningServices(
            early: [
                ports.start(submissions.run), ports.start(retention.run), ports.start(deliveries.run),
                ports.start(slowness.run), ports.start(listing.run),
            ],
            late: [
                ports.start(polls.run), ports.start(archives.run), ports.start(repository.run),
                ports.start(storeHealth.run), ports.start(archiveHealth.run), ports.start(audit.run),
                ports.start(notices.run),
            ])
    }
}
