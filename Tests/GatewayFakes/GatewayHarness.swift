package import Gateway
import Logging
import VideoJobs

/// A gateway with ports that a test controls. It runs only within `run` and `pass`, until no job is runnable.
package final class GatewayHarness {
    package let clock = ManualClock()
    package let executor = SteppedExecutor()
    package let store = MemoryTaskStore()
    package let provider = ScriptedProvider()
    package let archive = MemoryArchive()
    package let webhooks = ScriptedWebhooks()
    package let notices = ScriptedNotices()
    package let log = RecordingLog()
    package private(set) var gateway: VideoGateway
    private let make: () -> VideoGateway

    /// - Parameter seed: The seed of all randomness; print it where a failure depends on it.
    /// - Parameter observers: Makes the observers of each process.
    /// - Parameter replacing: Replaces ports.
    package init(
        seed: UInt64 = 1, settings: GatewaySettings = GatewaySettings(), marks: [any HighWaterMark] = [],
        observers: @escaping () -> [any TaskObserver] = { [] },
        replacing: (inout GatewayPorts) -> Void = { _ in }
    ) {
        var ports = GatewayPorts(store: store, provider: provider, archive: archive, clock: clock)
        let randomness = SeededRandomness(seed: seed)
        ports.marks = marks
        ports.webhooks = webhooks
        ports.notices = notices
        ports.document = { Array("{\"version\":\($0.version)}".utf8) }
        ports.executor = executor
        ports.random = { randomness.next() }
        ports.log = StructuredLog(Logger(label: "test") { [log] _ in log })
        replacing(&ports)
        let madePorts = ports
        make = { VideoGateway(settings: settings, ports: madePorts, observers: observers()) }
        gateway = make()
        start()
    }

    /// Replaces the gateway by a new one on the same store, as after a crash.
    package func restart() {
        gateway = make()
        start()
    }

    /// Calls the gateway and runs until no job is runnable.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable (VideoGateway) async throws -> Value
    ) -> StartedWork<Result<Value, any Error>> {
        let gateway = gateway
        return executor.start {
            do { return .success(try await work(gateway)) } catch { return .failure(error) }
        }
    }

    /// Advances the clock by an interval and wakes each sleeper at its time.
    package func pass(_ interval: Duration) {
        let end = clock.monotonic() + interval
        executor.runUntilIdle()
        while let next = clock.nextWake, next <= end {
            clock.advance(by: max(.zero, next - clock.monotonic()))
            executor.runUntilIdle()
        }
        clock.advance(by: max(.zero, end - clock.monotonic()))
        executor.runUntilIdle()
    }

    private func start() { _ = run { try await $0.start() } }
}
