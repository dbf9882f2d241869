package import Gateway
import Logging
import VideoJobs

/// A gateway with everything around it under a test's hand: it does nothing until told, then runs until it
/// waits.
package final class GatewayHarness {
    package let clock = ManualClock()
    package let executor = SteppedExecutor()
    package let store = MemoryTaskStore()
    package let provider = ScriptedProvider()
    package let archive = MemoryArchive()
    package let log = RecordingLog()
    package private(set) var gateway: VideoGateway
    private let make: () -> VideoGateway

    /// - Parameter seed: of all randomness; print it where a failure depends on it.
    /// - Parameter observers: made for each process, as a cache of responses is.
    package init(
        seed: UInt64 = 1, settings: GatewaySettings = GatewaySettings(), marks: [any HighWaterMark] = [],
        observers: @escaping () -> [any TaskObserver] = { [] }
    ) {
        var ports = GatewayPorts(store: store, provider: provider, archive: archive, clock: clock)
        let randomness = SeededRandomness(seed: seed)
        ports.marks = marks
        ports.executor = executor
        ports.random = { randomness.next() }
        ports.log = Logger(label: "test") { [log] _ in log }
        let madePorts = ports
        make = { VideoGateway(settings: settings, ports: madePorts, observers: observers()) }
        gateway = make()
        start()
    }

    /// Begins anew on the same store, as after a crash: nothing of the old gateway is told.
    package func restart() {
        gateway = make()
        start()
    }

    /// Does something with the gateway and runs until everything waits.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable (VideoGateway) async throws -> Value
    ) -> Started<Result<Value, any Error>> {
        let gateway = gateway
        return executor.start {
            do { return .success(try await work(gateway)) } catch { return .failure(error) }
        }
    }

    /// Lets time pass, waking every sleeper at its own time.
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
