import JSONText
import CrashPoints
import Glibc
import ProcessTestSupport
import Testing
import Transport

/// One job, and the process ended at each named step of its way.
@Suite(.timeLimit(.minutes(20))) struct NamedPointTests {
    @Test func `after a crash at any step a job is whole, or never was, or is uncertain`() async throws {
        let caller = Caller(loop: try EventLoop(label: "named points"))
        let provider = try await SimulatorProcess(taskSeconds: 0, caller: caller)
        let refused = ["retryDurable:1", "then enqueued", "then sendingBegun"].map {
            #"{"match":{"kind":"create","prompt":"\#($0)","nth":1},"do":{"status":503}}"#
        }
        try await provider.script("[\(refused.joined(separator: ","))]")
        let all = CrashPoint.allCases.flatMap(\.trials) + CrashTrial.chains
        await withTaskGroup { group in
            // Two at a time: as many as the machine surely has processors for.
            for first in 0..<2 {
                group.addTask {
                    for index in stride(from: first, to: all.count, by: 2) {
                        do {
                            try await Self.run(all[index], provider)
                        } catch {
                            Issue.record("\(all[index]): \(error)")
                        }
                    }
                }
            }
        }
    }

    private static func run(_ trial: CrashTrial, _ provider: SimulatorProcess) async throws {
        let premises = try GatewayInstallation(provider: provider.address, loop: provider.caller.loop)
        let prompt = "a crash at \(trial)"
        let told = try await crash(trial, prompt, premises, provider.caller)

        let program = try premises.start()
        let gateway = try await program.listeningAddress()
        if trial.aftermath == .asIfNeverSent {
            let tasks = await provider.caller.get("\(gateway)/v1/tasks")?.json?["data"]?.array
            #expect(tasks?.isEmpty == true, "\(trial): something was stored")
            #expect(told == nil, "\(trial): a client was told of a job that is gone")
            #expect(try await provider.ledger().creates(of: prompt).isEmpty, "\(trial): it was sent")
        }
        // The client repeats itself, as one that heard nothing does.
        let answer = await provider.caller.submit(prompt, to: gateway, key: "the-key")
        let named = answer?.taskID
        let id = try #require(named, "\(trial): \(answer?.text ?? "no answer")")
        #expect(told == nil || told == id, "\(trial): the key leads to another task")
        let task = try #require(await provider.caller.follow(id, at: gateway), "\(trial)")
        let state = task["gateway"]?["state"]?.string
        let ledger = try await provider.ledger()
        switch trial.aftermath {
        case .uncertain(let accepted):
            #expect(state == "uncertain", "\(trial)")
            #expect(ledger.accepted(of: prompt) == accepted, "\(trial)")
            #expect(ledger.creates(of: prompt).count <= 1, "\(trial): it was sent again")
        case .asIfNeverSent, .completed:
            #expect(state == "completed", "\(trial): \(task)")
            #expect(ledger.accepted(of: prompt) == 1, "\(trial)")
            let content = await provider.caller.get("\(gateway)/v1/tasks/\(id)/content")
            let hash = task["results"]?.array?.first?["sha256"]?.string
            #expect(content.map { SHA256Digest.hex(of: $0.body) } == hash, "\(trial): other bytes")
            #expect(premises.archivedFiles().hashes == hash.map { [id: $0] }, "\(trial): another file")
        }
        program.signal(SIGTERM)
        #expect(await premises.end(of: program, within: .seconds(40)) == 0, "\(trial)")
        #expect(premises.archivedFiles().strays == [], "\(trial)")
    }

    /// Lets gateways end themselves one after the other; returns the task of which the client was told.
    private static func crash(
        _ trial: CrashTrial, _ prompt: String, _ premises: GatewayInstallation, _ caller: Caller
    ) async throws -> String? {
        var told: String?
        for (number, point) in trial.points.enumerated() {
            let program = try premises.start(crashAt: point)
            if number == 0, let gateway = try? await program.listeningAddress() {
                told = await caller.submit(prompt, to: gateway, key: "the-key")?.taskID
            }
            let status = await premises.end(of: program, within: .seconds(30))
            try #require(
                status == 86, "\(trial): \(point) was never reached (\(status)): \(program.errors.text)")
        }
        return told
    }
}

/// Where the process ends, life after life, and what must then be true.
struct CrashTrial: Sendable, CustomStringConvertible {
    enum Aftermath: Equatable, Sendable {
        /// Nobody was told anything, nothing is stored and nothing was sent.
        case asIfNeverSent
        /// The job goes on by itself to its video, with one create.
        case completed
        /// Nobody can know: it is not sent again. So many creates were accepted.
        case uncertain(accepted: Int)
    }

    /// What REELGATE_CRASH_AT says to each gateway in turn.
    var points: [String]
    var aftermath: Aftermath

    var description: String { points.joined(separator: ", then ") }

    /// One job that falls from one crash into the next.
    static let chains = [
        CrashTrial(
            points: [
                "changeDurable:1", "pollBegun", "pollCompleted", "committing", "archivingDurable",
                "copyBegun", "chunkWritten:2", "fileWritten", "fileSynced", "fileRenamed", "resultsVerified",
                "committing",
            ], aftermath: .completed),
        CrashTrial(
            points: ["responseComplete", "recoveryBegun", "committing", "interruptionDurable"],
            aftermath: .uncertain(accepted: 1)),
    ]
}

extension CrashPoint {
    /// The trials of a step. Transactions and changes are counted: a fresh job's first transaction admits it
    /// with the intent to send it, since a place is free; then come the verdict, the end at the provider and
    /// the video.
    fileprivate var trials: [CrashTrial] {
        switch self {
        case .requestBegun, .headParsed, .bodyComplete, .jobValidated, .admissionBegun, .admissionWritten:
            [at(1, .asIfNeverSent)]
        case .committing:
            [
                at(1, .asIfNeverSent), at(2, .uncertain(accepted: 1)), at(3, .completed), at(4, .completed),
            ]
        case .committed:
            [
                at(1, .uncertain(accepted: 0)), at(2, .completed), at(3, .completed), at(4, .completed),
            ]
        case .admitted, .admissionPublished, .intentDurable, .fetchBegun, .connectionReady, .bodyProvided:
            [at(1, .uncertain(accepted: 0))]
        case .responseStarted, .responseComplete, .verdictReached:
            [at(1, .uncertain(accepted: 1))]
        case .changeDurable, .changePublished:
            [at(1, .completed), at(2, .completed), at(3, .completed)]
        case .chunkWritten:
            [at(1, .completed), at(2, .completed)]
        case .enqueued, .sendingBegun:
            // A job that was not accepted is queued again, and so are queued jobs at a start.
            [CrashTrial(points: ["retryDurable", "\(self)"], aftermath: .completed)]
        case .verdictDurable, .retryDurable, .responseWritten, .pollBegun, .pollCompleted,
            .archivingDurable, .copyBegun, .fileWritten, .fileSynced, .fileRenamed, .copyDurable,
            .resultsVerified, .completionPublished:
            [at(1, .completed)]
        case .storeInitializing:
            // It never comes to hear the client.
            [at(1, .asIfNeverSent)]
        case .recoveryBegun, .interruptionDurable, .recoveryEnded:
            [CrashTrial(points: ["intentDurable", "\(self)"], aftermath: .uncertain(accepted: 0))]
        }
    }

    private func at(_ time: Int, _ aftermath: CrashTrial.Aftermath) -> CrashTrial {
        CrashTrial(points: ["\(self):\(time)"], aftermath: aftermath)
    }
}
