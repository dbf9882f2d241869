/// The memory limits of the simulator. Beyond them the oldest items are dropped and counted in the ledger.
package struct SimulatorLimits: Sendable {
    package var entries = 100_000
    package var entryBytes = 64 << 20
    package var contentRequests = 10_000
    package var tasks = 100_000

    package init() {}
}
