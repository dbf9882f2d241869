import Logging
package import VideoJobs

/// The ports of the gateway, and its sources of time, randomness and execution.
package struct GatewayPorts: Sendable {
    package var store: any TaskStore
    package var clients: any ClientStore
    package var sessions: any SessionStore
    package var audit: any AuditStore
    package var usage: any UsageStore
    package var deliveries: any DeliveryStore
    package var provider: any VideoProvider
    package var archive: any ResultArchive
    package var webhooks: any WebhookSender = NoWebhooks()
    package var notices: any NoticeChannel = NoNotices()
    /// Returns a task's JSON document, as clients see it.
    package var document: @Sendable (TaskRecord) -> [UInt8] = { _ in Array("{}".utf8) }
    /// Copies of the store's high-water mark; one readable copy is enough.
    package var marks: [any HighWaterMark] = []
    package var clock: any GatewayClock
    /// Where asynchronous work runs; `nil` for the shared pool.
    package var executor: (any TaskExecutor)?
    package var random: @Sendable () -> UInt64
    /// Receives how late each poll begins. Must not block.
    package var observePollLag: @Sendable (Duration) -> Void = { _ in }
    package var log: StructuredLog

    package init(
        store: any GatewayStore, provider: any VideoProvider, archive: any ResultArchive,
        clock: any GatewayClock
    ) {
        self.store = store
        self.clients = store
        self.sessions = store
        self.audit = store
        self.usage = store
        self.deliveries = store
        self.provider = provider
        self.archive = archive
        self.clock = clock
        self.random = { UInt64.random(in: .min ... .max) }
        self.log = StructuredLog(Logger(label: "gateway"))
    }

    /// Returns a fraction in 0..<1, to spread work that would otherwise happen at once.
    func jitter() -> Double {
        // The 53 bits that a Double holds exactly.
        Double(random() >> 11) / 0x1p53
    }

    /// Starts work that outlives its caller and is not cancelled with it.
    @discardableResult
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: executor) { await work() }
    }
}
