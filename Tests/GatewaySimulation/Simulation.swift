import GatewayFakes
import Synchronization
import TestSupport
import VideoJobs

@testable import Gateway

/// One run of the gateway under the weather of one seed: clients, an operator, crashes, jumps of the clock;
/// then calm, until everything has ended. The same seed gives the same run.
final class Simulation {
    /// A part that is broken on purpose, to see that it is noticed.
    enum Breakage {
        case none
        /// Of the provider's client.
        case sendsTwice
        /// Of the store.
        case storeForgetsSending, storeLies
        /// Of the archive.
        case archiveLoses
        /// Of the gateway: at a start, and by settings other than those that are checked.
        case sendsAgain, noLimit, asksWithoutPause, keepsTooShortly
    }

    /// What the process is doing, as its surroundings see it.
    enum Phase { case down, starting, serving, stopping }

    let seed: UInt64
    let clock = ManualClock()
    let weather: FaultInjector
    let store = MemoryTaskStore()
    let archive = MemoryArchive()
    let provider: SimulatedProvider
    let settings: GatewaySettings
    let breakage: Breakage
    var random: SeededRandom
    var clients = Clients()
    private(set) var invariants: Invariants
    private(set) var life: GatewayProcess?
    private(set) var phase = Phase.down
    private(set) var steps = 0
    private(set) var counts = Counts()
    private(set) var trace = Trace()
    var hasJumped: Bool { counts.jumps > 0 }

    /// What happened, in numbers.
    struct Counts: Equatable {
        var crashes = 0
        var stops = 0
        var jumps = 0
    }

    init(seed: UInt64, breakage: Breakage = .none) {
        self.seed = seed
        self.breakage = breakage
        random = SeededRandom(seed: seed ^ 0xD1CE)
        weather = FaultInjector(seed: seed)
        provider = SimulatedProvider(clock: clock, weather: weather, sendsTwice: breakage == .sendsTwice)
        settings = Self.settings(weather)
        invariants = Invariants(settings: settings, clock: clock)
    }

    private static func settings(_ weather: FaultInjector) -> GatewaySettings {
        var settings = GatewaySettings()
        settings.maxInFlight = weather.pick(1...6)
        settings.pollsInFlight = weather.pick(1...4)
        settings.copiesInFlight = weather.pick(1...3)
        settings.poll.deadline = .seconds(3600)
        settings.gracePeriod = .seconds(4 * 3600)
        settings.keep = .seconds(8 * 3600)
        settings.retentionInterval = .seconds(1800)
        settings.endedCacheMax = weather.pick(2...40)
        return settings
    }

    /// Runs to the end; throws the first violation with what led to it.
    func run() throws {
        do {
            while clients.admissionsLeft > 0 || clock.monotonic() < busyEnd { try step() }
            try endInPeace()
        } catch {
            let message = trace.last.joined(separator: "\n  ")
            throw Violation("seed \(seed), step \(steps): \(error)\n  \(message)")
        }
    }

    /// The clients are done; whoever is still at it may go on under faults until here.
    private var busyEnd: MonotonicTime { MonotonicTime(milliseconds: 1_000_000) + .seconds(1200) }

    /// One thing happens: a fault, a wish, one job of the process, or time passes.
    func step() throws {
        if phase == .down {
            advance(by: .seconds(random.number(0...90)))
            begin()
        } else if weather.strikes(.crash) {
            crash()
        } else if phase == .serving, weather.strikes(.stop) {
            stop()
        } else if weather.strikes(.jump) {
            jump()
        } else if phase != .starting, random.number(0...19) == 0 {
            act()
        } else {
            proceed()
        }
        try check()
    }

    /// Runs one of the jobs that could run, or lets time pass until the next wants to.
    func proceed() {
        guard let life else { return }
        let count = life.executor.runnable
        if count > 0 {
            life.executor.step { $0 == 1 ? 0 : random.number(0...($0 - 1)) }
        } else if let next = clock.nextWake {
            clock.advance(by: max(.zero, next - clock.monotonic()))
        } else {
            advance(by: .seconds(1))
        }
    }

    func note(_ message: @autoclosure () -> String) {
        trace.add(message(), at: clock.monotonic(), step: steps)
    }
    func advance(by interval: Duration) { clock.advance(by: interval) }
}

extension Simulation {
    /// Starts the process anew on what is durable.
    func begin() {
        note("the process begins")
        if breakage == .storeForgetsSending { forgetSending() }
        do { try invariants.begin(with: store.durable) } catch { trace.fail(error) }
        let forgotten = breakage == .sendsAgain ? store.durable.filter { $0.state == .sending } : []
        let unreliable = UnreliableStore(
            backing: store, clock: clock, weather: weather, lies: breakage == .storeLies)
        let copies = UnreliableArchive(
            backing: archive, provider: provider, clock: clock, weather: weather,
            loses: breakage == .archiveLoses)
        var ports = GatewayPorts(store: unreliable, provider: provider, archive: copies, clock: clock)
        let randomness = SeededRandomness(seed: random.next())
        ports.random = { randomness.next() }
        let life = GatewayProcess(settings: brokenSettings, ports: ports)
        self.life = life
        phase = .starting
        life.call { [store] gateway, log in
            do {
                for record in forgotten { _ = try await store.save(.queueAgain(record)) }
                try await gateway.start()
                log.add(.started(true))
            } catch {
                log.add(.started(false))
            }
        }
    }

    private var brokenSettings: GatewaySettings {
        var settings = settings
        if breakage == .noLimit { settings.maxInFlight = 100 }
        if breakage == .asksWithoutPause { settings.poll.interval = .milliseconds(1) }
        if breakage == .keepsTooShortly { settings.keep = .seconds(60) }
        return settings
    }

    /// The process is gone in this moment, and nothing of it ever runs again.
    func crash() {
        note("crash")
        counts.crashes += 1
        end()
    }

    private func end() {
        life?.executor.die()
        clock.forgetSleepers()
        life = nil
        phase = .down
        clients.loseConnections()
    }

    private func stop() {
        note("the process is asked to stop")
        counts.stops += 1
        phase = .stopping
        let bound = Duration.seconds(random.number(0...30))
        life?.call { gateway, log in
            await gateway.stop(within: bound)
            log.add(.stopped)
        }
    }

    private func jump() {
        let days = [1, -1, 365, -365][random.number(0...3)]
        note("the wall clock jumps by \(days) days")
        counts.jumps += 1
        clock.jump(by: .seconds(days * 86_400))
    }

    private func forgetSending() {
        for record in store.durable where record.state == .sending {
            var earlier = record
            earlier.state = .queued
            store.revert(to: earlier)
        }
    }

    /// Looks at all that happened in this step.
    func check() throws {
        steps += 1
        if let failure = trace.failure { throw failure }
        var isLineChanged = false
        for change in store.changes(from: invariants.changes) {
            isLineChanged = true
            note("store: \(change.message)")
            try invariants.note(change)
        }
        for event in provider.takeEvents() {
            note(event.message)
            try invariants.note(event, settling: clients.settling)
        }
        guard provider.readersAsked == 0 else { throw Violation("a reader caused a call to the provider") }
        guard let life else { return }
        for report in life.takeReports() {
            isLineChanged = true
            try invariants.note(report, (asked: clients.asked(report) ?? steps, now: steps))
            receive(report)
        }
        if isLineChanged, phase == .serving { try invariants.checkLine(of: life) }
    }

    private func receive(_ report: ClientReport) {
        switch report {
        case .started(true):
            phase = .serving
        case .started(false):
            note("the process cannot start")
            end()
        case .stopped:
            note("the process has stopped")
            end()
        case .admission(let number, let task, let refusal):
            note("client: \(number): \(task?.record.id.text ?? "") \(refusal.map { "\($0)" } ?? "")")
            clients.receive(number, task)
        case .settlement(let id, let isReceived):
            clients.hearSettlement(of: id, isReceived)
        case .record, .cancelled, .content:
            break
        }
    }
}
