import JSONText
import Glibc
import ProcessTestSupport
import Synchronization
import TestSupport
import Testing
import Transport

/// One store under clients that never stop and gateways that always die; at its end, the comparison.
final class KillLoop: Sendable {
    /// How long a generation takes at the provider.
    static let taskSeconds = 0.2

    private struct State {
        var random: SeededRandom
        var table = CrashTable()
        /// When gateways died, in milliseconds since 1970.
        var kills: [Int64] = []
        /// Gateways that ended otherwise than they were meant to, and other things that must not be.
        var surprises: [String] = []
    }

    private let provider: SimulatorProcess
    private let premises: GatewayInstallation
    private let told: ClientLedger
    private let state: Mutex<State>

    init(seed: UInt64, provider: SimulatorProcess) throws {
        self.provider = provider
        premises = try GatewayInstallation(provider: provider.address, loop: provider.caller.loop)
        told = ClientLedger(name: "seed \(seed)")
        state = Mutex(State(random: SeededRandom(seed: seed)))
    }

    /// Kills so many gateways one after the other, lets a last one finish, and compares the ledgers.
    func run(kills: Int) async throws -> (table: CrashTable, faults: [String]) {
        try await provider.reset()
        let plans = state.withLock { state in
            let faults = FaultPlan(using: &state.random)
            let lives = (0..<kills).map { _ in LifePlan(using: &state.random) }
            return (faults: faults, lives: lives)
        }
        try await provider.script(plans.faults.rules)
        for plan in plans.lives { try await live(plan) }
        try await provider.script("[]")
        let served = try await finish()
        return try await compare(served)
    }

    /// One gateway from its start to its violent end.
    private func live(_ plan: LifePlan) async throws {
        told.allow(plan.jobs)
        let program = try premises.start(crashAt: plan.crashPoint)
        let seeds = state.withLock { state in (0..<plan.clients).map { _ in state.random.next() } }
        await withTaskGroup { group in
            group.addTask { await self.kill(program, plan.death) }
            guard let gateway = try? await program.listeningAddress() else { return }
            for seed in seeds { group.addTask { await self.visit(gateway, SeededRandom(seed: seed)) } }
        }
        await note(program, plan)
    }

    private func kill(_ program: RunningProgram, _ death: LifePlan.Death) async {
        let loop = provider.caller.loop
        switch death {
        case .whileStarting(let delay):
            await loop.sleep(for: delay)
        case .underLoad(let delay):
            _ = try? await program.listeningAddress()
            await loop.sleep(for: delay)
        case .at:
            _ = await premises.end(of: program, within: .milliseconds(500))
        }
        program.signal(SIGKILL)
    }

    private func note(_ program: RunningProgram, _ plan: LifePlan) async {
        let status = await program.end()
        let said = program.output.text.isEmpty
        state.withLock { state in
            state.kills.append(SystemTime.wallMilliseconds)
            state.table.kills += 1
            if status == 86 { state.table.atPoints += 1 }
            if said { state.table.whileStarting += 1 }
            guard status != 86, status != -SIGKILL else { return }
            state.surprises.append(
                "kill \(state.kills.count): the gateway ended with \(status), planned was \(plan.death): "
                    + program.errors.text.suffix(2000))
        }
    }

    /// A client: sends, repeats what it was not told of, and looks, until the gateway is gone.
    private func visit(_ gateway: String, _ seed: SeededRandom) async {
        var random = seed
        while !Task.isCancelled {
            let errand = told.next(.random(in: 0..<1, using: &random), .random(in: 0..<1, using: &random))
            switch errand {
            case .leave: return
            case .post(let prompt, let key):
                let prefer = [nil, nil, "respond-async", "wait=1"].randomElement(using: &random) ?? nil
                let heard = await provider.caller.submit(prompt, to: gateway, key: key, prefer: prefer)
                told.note(heard, of: prompt)
                if heard == nil { return }
            case .look(let id):
                let wait = Int.random(in: 0..<4, using: &random) == 0 ? "" : "?wait=1"
                let heard = await provider.caller.get("\(gateway)/v1/tasks/\(id)\(wait)")
                told.note(heard, look: id)
                if heard == nil { return }
            }
        }
    }

    /// A last gateway brings everything to its end and stops in order. Returns the hash of each video that it
    /// served.
    private func finish() async throws -> [String: String] {
        told.allow(0)
        let program = try premises.start()
        let gateway = try await program.listeningAddress()
        let caller = provider.caller
        await visit(gateway, SeededRandom(seed: 0))
        var served: [String: String] = [:]
        var after = ""
        while true {
            let page = await caller.get("\(gateway)/v1/tasks?limit=100\(after)")?.json
            let ids = (page?["data"]?.array ?? []).compactMap { $0["id"]?.string }
            for id in ids {
                guard await caller.follow(id, at: gateway)?["status"]?.string == "completed" else { continue }
                let content = await caller.get("\(gateway)/v1/tasks/\(id)/content")
                if let content, content.status == 200 { served[id] = SHA256Digest.hex(of: content.body) }
            }
            guard page?["has_more"]?.bool == true, let last = ids.last else { break }
            after = "&after=\(last)"
        }
        program.signal(SIGTERM)
        let status = await premises.end(of: program, within: .seconds(40))
        if status != 0 { surprise("the last gateway ended with \(status): \(program.errors.text)") }
        return served
    }

    private func compare(_ served: [String: String]) async throws -> (table: CrashTable, faults: [String]) {
        let store = try await StoreLedger.read(premises.store)
        var comparison = LedgerComparison(
            told: told.record, store: store, provider: try await provider.ledger())
        let (hashes, strays) = premises.archivedFiles()
        comparison.files = hashes
        comparison.served = served
        comparison.run()
        if !strays.isEmpty { surprise("files were left behind: \(strays)") }

        // An interrupted task runs on at the provider, and nobody knows: only the others keep their places.
        let known = Set(store.tasks.values.filter { $0.state != "uncertain" }.compactMap(\.providerTaskID))
        let most = comparison.provider.mostAtOnce(of: known, seconds: Self.taskSeconds)
        if most > GatewayInstallation.maxInFlight {
            surprise("\(most) tasks ran at once, and max_in_flight is \(GatewayInstallation.maxInFlight)")
        }
        return state.withLock { state in
            state.table.count(comparison, kills: state.kills)
            state.table.other += state.surprises.count
            let faults = comparison.violations.map(\.description) + state.surprises
            let place = "seed \(state.random.seed), after kill \(state.kills.count): "
            return (state.table, faults.map { place + $0 })
        }
    }

    private func surprise(_ message: String) { state.withLock { $0.surprises.append(message) } }
}
