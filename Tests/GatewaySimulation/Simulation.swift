import GatewayFakes
import TestSupport
import VideoJobs

@testable import Gateway

/// One run of the gateway under the faults of one seed: clients, an operator, crashes, jumps of the clock;
/// then no more faults, until every task has ended. The same seed gives the same run.
final class Simulation {
    /// A part that is broken on purpose, to show that the invariants detect it.
    enum Breakage {
        case none
        /// In the provider's client.
        case sendsTwice
        /// In the store.
        case storeForgetsSending, storeSkipsWrites, storeForgetsDeliveries
        /// In the archive.
        case archiveLosesCopies
        /// In the gateway: at a start, and by settings other than those that are checked.
        case sendsAgain, noLimit, pollsWithoutPause, removesEarly
    }

    /// The state of the process.
    enum Phase { case down, starting, serving, stopping }

    let seed: UInt64
    let clock = ManualClock()
    let faults: FaultInjector
    let store = MemoryTaskStore()
    let archive = MemoryArchive()
    let provider: UnreliableProvider
    let receiver: UnreliableReceiver
    let settings: GatewaySettings
    let breakage: Breakage
    var random: SeededRandom
    var clients = Clients()
    var invariants: Invariants
    var process: GatewayProcess?
    var phase = Phase.down
    var steps = 0
    var counts = Counts()
    var trace = Trace()
    var hasJumped: Bool { counts.jumps > 0 }

    /// The number of faults of the process.
    struct Counts: Equatable {
        var crashes = 0
        var stops = 0
        var jumps = 0
    }

    init(seed: UInt64, breakage: Breakage = .none) {
        self.seed = seed
        self.breakage = breakage
        random = SeededRandom(seed: seed ^ 0xD1CE)
        faults = FaultInjector(seed: seed)
        receiver = UnreliableReceiver(clock: clock, faults: faults)
        provider = UnreliableProvider(clock: clock, faults: faults, sendsTwice: breakage == .sendsTwice)
        var settings = Self.settings(faults)
        var money = SeededRandom(seed: seed ^ 0x00C0)
        if breakage == .none, money.number(0...1) == 0 {
            settings.ceilings.day = Int64(money.number(5...60)) * 100_000
        }
        self.settings = settings
        invariants = Invariants(settings: settings, clock: clock)
    }

    private static func settings(_ faults: FaultInjector) -> GatewaySettings {
        var settings = GatewaySettings()
        settings.maxInFlight = faults.pick(1...6)
        settings.pollsInFlight = faults.pick(1...4)
        settings.copiesInFlight = faults.pick(1...3)
        settings.poll.deadline = .seconds(3600)
        settings.gracePeriod = .seconds(4 * 3600)
        settings.keep = .seconds(8 * 3600)
        settings.retentionInterval = .seconds(1800)
        settings.endedCacheMax = faults.pick(2...40)
        return settings
    }

    /// Runs to the end. Throws the first error of an invariant with the trace that led to it.
    func run() throws {
        do {
            while clients.admissionsLeft > 0 || clock.monotonic() < busyEnd { try step() }
            try reachQuiescence()
        } catch {
            let message = trace.last.joined(separator: "\n  ")
            throw InvariantError("seed \(seed), step \(steps): \(error)\n  \(message)")
        }
    }

    /// The earliest time at which faults stop.
    private var busyEnd: MonotonicTime { MonotonicTime(milliseconds: 1_000_000) + .seconds(1200) }

    /// Performs one step: a fault, an action of a client, one executor job of the process, or the passage of
    /// time.
    func step() throws {
        if phase == .down {
            advance(by: .seconds(random.number(0...90)))
            begin()
        } else if faults.occurs(.crash) {
            crash()
        } else if phase == .serving, faults.occurs(.stop) {
            stop()
        } else if faults.occurs(.clockJump) {
            jump()
        } else if phase != .starting, random.number(0...19) == 0 {
            act()
        } else {
            proceed()
        }
        try check()
    }

    /// Runs a random runnable executor job, or advances the clock to the next wakeup.
    func proceed() {
        guard let process else { return }
        let count = process.executor.runnable
        if count > 0 {
            process.executor.step { $0 == 1 ? 0 : random.number(0...($0 - 1)) }
        } else if let next = clock.nextWake {
            clock.advance(by: max(.zero, next - clock.monotonic()))
        } else {
            advance(by: .seconds(1))
        }
    }

    /// Adds a line to the trace.
    func note(_ message: @autoclosure () -> String) {
        trace.add(message(), at: clock.monotonic(), step: steps)
    }

    /// Advances both clocks.
    func advance(by interval: Duration) { clock.advance(by: interval) }
}
