import GatewayFakes
import VideoJobs

@testable import Gateway

extension Simulation {
    /// Starts a process on the durable state.
    func begin() {
        note("the process starts")
        if breakage == .storeForgetsSending { forgetSending() }
        do { try invariants.begin(with: store.durable) } catch { trace.fail(error) }
        let unsent = breakage == .sendsAgain ? store.durable.filter { $0.state == .sending } : []
        let unreliable = UnreliableStore(
            backing: store, clock: clock, faults: faults, skipsWrites: breakage == .storeSkipsWrites,
            forgetsDeliveries: breakage == .storeForgetsDeliveries)
        let copies = UnreliableArchive(
            backing: archive, provider: provider, clock: clock, faults: faults,
            losesCopies: breakage == .archiveLosesCopies)
        var ports = GatewayPorts(store: unreliable, provider: provider, archive: copies, clock: clock)
        let randomness = SeededRandomness(seed: random.next())
        ports.random = { randomness.next() }
        ports.webhooks = receiver
        let process = GatewayProcess(settings: brokenSettings, ports: ports)
        self.process = process
        phase = .starting
        process.call { [store] gateway, log in
            do {
                for (name, weight) in Clients.weights.sorted(by: { $0.key < $1.key }) {
                    try await store.setWeight(weight, of: name)
                }
                for record in unsent { _ = try await store.save(.queueAgain(record)) }
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
        if breakage == .pollsWithoutPause { settings.poll.interval = .milliseconds(1) }
        if breakage == .removesEarly { settings.keep = .seconds(60) }
        return settings
    }

    /// Ends the process at once; nothing of it runs again.
    func crash() {
        note("crash")
        counts.crashes += 1
        end()
    }

    private func end() {
        process?.executor.terminate()
        clock.wakeAllSleepers()
        process = nil
        phase = .down
        clients.loseConnections()
    }

    func stop() {
        note("the process is asked to stop")
        counts.stops += 1
        phase = .stopping
        let timeout = Duration.seconds(random.number(0...30))
        process?.call { gateway, log in
            await gateway.stop(within: timeout)
            log.add(.stopped)
        }
    }

    func jump() {
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

    /// Checks everything that happened in this step against the invariants.
    func check() throws {
        steps += 1
        if let failure = trace.failure { throw failure }
        var isQueueChanged = false
        for change in store.changes(from: invariants.changes) {
            isQueueChanged = true
            note("store: \(change.message)")
            if case .admitted(let record, _) = change, store.hasCallback(record.id) {
                invariants.withCallback.insert(record.id)
            }
            try invariants.note(change)
        }
        for event in provider.takeEvents() {
            note(event.message)
            try invariants.note(event, settlementsInFlight: clients.settlementsInFlight)
        }
        for message in receiver.takeMessages() {
            note("receiver: \(message.id)")
            try invariants.check(message)
        }
        guard provider.readerCalls == 0 else { throw InvariantError("a read caused a provider call") }
        guard let process else { return }
        for report in process.takeReports() {
            isQueueChanged = true
            try invariants.note(report, (sent: clients.sentStep(of: report) ?? steps, now: steps))
            receive(report)
        }
        if isQueueChanged, phase == .serving { try invariants.checkQueueOrder(of: process) }
    }

    private func receive(_ report: ClientReport) {
        switch report {
        case .started(true):
            phase = .serving
        case .started(false):
            note("the process failed to start")
            end()
        case .stopped:
            note("the process has stopped")
            end()
        case .admission(let number, let task, let error):
            note("client: \(number): \(task?.record.id.text ?? "") \(error.map { "\($0)" } ?? "")")
            clients.receive(number, task)
        case .settlement(let id, let isReceived):
            clients.receiveSettlement(of: id, isReceived)
        case .record, .committed, .cancelled, .content:
            break
        }
    }
}

extension MemoryTaskStore {
    /// Stores a client with this weight.
    fileprivate func setWeight(_ weight: Int, of name: String) async throws {
        _ = try await changeClient(name) { known in
            ClientChange(
                known ?? Client(name: name, weight: weight, created: Timestamp(milliseconds: 0)))
        }
    }
}
