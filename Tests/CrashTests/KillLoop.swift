import JSONText
import Glibc
import ProcessTestSupport
import Synchronization
import TestSupport
import Testing
import Transport

/// One store under continuous load while gateways are killed and started; then compares the ledgers.
final class KillLoop: Sendable {
    /// The duration of a generation at the provider.
    static let taskSeconds = 0.2

    private struct State {
        var random: SeededRandom
        var table = CrashTable()
        /// The times of the kills, in milliseconds since 1970.
        var kills: [Int64] = []
        /// Unexpected exits of gateways and other errors outside the ledgers.
        var unexpected: [String] = []
    }

    private let provider: SimulatorProcess
    private let installation: GatewayInstallation
    private let clients: ClientLedger
    private let state: Mutex<State>

    init(seed: UInt64, provider: SimulatorProcess) throws {
        self.provider = provider
        installation = try GatewayInstallation(provider: provider.address, loop: provider.client.loop)
        clients = ClientLedger(name: "seed \(seed)")
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    /// Kills a number of gateways one after the other, lets a last one finish, and compares the ledgers.
    func run(kills: Int) async throws -> (table: CrashTable, issues: [String]) {
        try await provider.reset()
        let plans = state.withLock { state in
            let issues = FaultPlan(using: &state.random)
            let lives = (0..<kills).map { _ in LifePlan(using: &state.random) }
            return (issues: issues, lives: lives)
        }
        try await provider.script(plans.issues.rules)
        for plan in plans.lives { try await runGateway(plan) }
        try await provider.script("[]")
        let served = try await finish()
        return try await compare(served)
    }

    /// Runs one gateway under load until it is killed.
    private func runGateway(_ plan: LifePlan) async throws {
        clients.allow(plan.jobs)
        let program = try installation.start(crashAt: plan.crashPoint)
        let seeds = state.withLock { state in (0..<plan.clients).map { _ in state.random.next() } }
        await withTaskGroup { group in
            group.addTask { await self.killGateway(program, plan.kill) }
            guard let gateway = try? await program.listeningAddress() else { return }
            for seed in seeds { group.addTask { await self.runClient(gateway, SeededRandom(seed: seed)) } }
        }
        await recordExit(program, plan)
    }

    private func killGateway(_ program: RunningProgram, _ kill: LifePlan.Kill) async {
        let loop = provider.client.loop
        switch kill {
        case .whileStarting(let delay):
            await loop.sleep(for: delay)
        case .underLoad(let delay):
            _ = try? await program.listeningAddress()
            await loop.sleep(for: delay)
        case .at:
            _ = await installation.exitStatus(of: program, within: .milliseconds(500))
        }
        program.signal(SIGKILL)
    }

    private func recordExit(_ program: RunningProgram, _ plan: LifePlan) async {
        let status = await program.end()
        let hasNoOutput = program.output.text.isEmpty
        state.withLock { state in
            state.kills.append(SystemTime.wallMilliseconds)
            state.table.kills += 1
            if status == 86 { state.table.atPoints += 1 }
            if hasNoOutput { state.table.whileStarting += 1 }
            guard status != 86, status != -SIGKILL else { return }
            state.unexpected.append(
                "kill \(state.kills.count): the gateway exited with \(status), planned was \(plan.kill): "
                    + program.errors.text.suffix(2000))
        }
    }

    /// Runs a client until the gateway is gone: it submits, repeats unanswered POSTs, and reads tasks.
    private func runClient(_ gateway: String, _ seed: SeededRandom) async {
        var random = seed
        while !Task.isCancelled {
            let step = clients.next(.random(in: 0..<1, using: &random), .random(in: 0..<1, using: &random))
            switch step {
            case .stop: return
            case .post(let prompt, let key):
                let prefer = [nil, nil, "respond-async", "wait=1"].randomElement(using: &random) ?? nil
                let response = await provider.client.submit(prompt, to: gateway, key: key, prefer: prefer)
                clients.recordResponse(response, toJob: prompt)
                if response == nil { return }
            case .read(let id):
                let wait = Int.random(in: 0..<4, using: &random) == 0 ? "" : "?wait=1"
                let response = await provider.client.get("\(gateway)/v1/tasks/\(id)\(wait)")
                clients.recordResponse(response, toReading: id)
                if response == nil { return }
            }
        }
    }

    /// Runs a last gateway until every task is terminal and shuts it down. Returns the hashes of the videos.
    private func finish() async throws -> [String: String] {
        clients.allow(0)
        let program = try installation.start()
        let gateway = try await program.listeningAddress()
        let client = provider.client
        await runClient(gateway, SeededRandom(seed: 0))
        var served: [String: String] = [:]
        var after = ""
        while true {
            let page = await client.get("\(gateway)/v1/tasks?limit=100\(after)")?.json
            let ids = (page?["data"]?.array ?? []).compactMap { $0["id"]?.string }
            for id in ids {
                guard await client.follow(id, at: gateway)?["status"]?.string == "completed" else { continue }
                let content = await client.get("\(gateway)/v1/tasks/\(id)/content")
                if let content, content.status == 200 { served[id] = SHA256Digest.hex(of: content.body) }
            }
            guard page?["has_more"]?.bool == true, let last = ids.last else { break }
            after = "&after=\(last)"
        }
        program.signal(SIGTERM)
        let status = await installation.exitStatus(of: program, within: .seconds(40))
        if status != 0 { recordUnexpected("the last gateway exited with \(status): \(program.errors.text)") }
        return served
    }

    private func compare(_ served: [String: String]) async throws -> (table: CrashTable, issues: [String]) {
        let store = try await StoreLedger.read(installation.store)
        var comparison = LedgerComparison(
            clients: clients.record, store: store, provider: try await provider.ledger())
        let (hashes, strays) = installation.archivedFiles()
        comparison.files = hashes
        comparison.served = served
        comparison.run()
        if !strays.isEmpty { recordUnexpected("unexpected files: \(strays)") }

        // An interrupted task still runs at the provider without counting as in flight.
        let known = Set(store.tasks.values.filter { $0.state != "uncertain" }.compactMap(\.providerTaskID))
        let most = comparison.provider.mostAtOnce(of: known, seconds: Self.taskSeconds)
        if most > GatewayInstallation.maxInFlight {
            recordUnexpected(
                "\(most) tasks ran at once, and max_in_flight is \(GatewayInstallation.maxInFlight)")
        }
        return state.withLock { state in
            state.table.count(comparison, kills: state.kills)
            state.table.other += state.unexpected.count
            let issues = comparison.issues.map(\.description) + state.unexpected
            let prefix = "seed \(state.random.seed), after kill \(state.kills.count): "
            return (state.table, issues.map { prefix + $0 })
        }
    }

    private func recordUnexpected(_ message: String) { state.withLock { $0.unexpected.append(message) } }
}
