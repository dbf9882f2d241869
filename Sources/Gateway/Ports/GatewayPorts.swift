package import Logging

/// What the gateway stands on.
package struct GatewayPorts: Sendable {
    package var store: any TaskStore
    package var provider: any VideoProvider
    package var archive: any ResultArchive
    /// Copies of the store's high-water mark; one that can be read is enough.
    package var marks: [any HighWaterMark] = []
    package var clock: any GatewayClock
    /// Where its asynchronous work runs; `nil` for the shared pool.
    package var executor: (any TaskExecutor)?
    package var random: @Sendable () -> UInt64
    package var log: Logger

    package init(
        store: any TaskStore, provider: any VideoProvider, archive: any ResultArchive, clock: any GatewayClock
    ) {
        self.store = store
        self.provider = provider
        self.archive = archive
        self.clock = clock
        self.random = { UInt64.random(in: .min ... .max) }
        self.log = Logger(label: "gateway")
    }

    /// A fraction in 0..<1, to spread what would otherwise happen at once.
    func jitter() -> Double { Double(random() >> 11) / 9_007_199_254_740_992 }

    /// Starts work that outlives its caller.
    @discardableResult
    func start(_ work: @escaping @Sendable () async -> Void) -> Task<Void, Never> {
        Task(executorPreference: executor) { await work() }
    }
}
