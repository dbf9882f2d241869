import CrashPoints
import Glibc
import JSONText
import ProcessTestSupport
import Testing
import Transport

/// One job, and a gateway that exits at each crash point.
@Suite(.timeLimit(.minutes(20))) struct NamedPointTests {
    @Test func `after a crash at any point a job is complete, never sent or uncertain`() async throws {
        let client = CrashTestClient(loop: try EventLoop(label: "named points"))
        let provider = try await SimulatorProcess(taskSeconds: 0, client: client)
        let refused = ["retryDurable:1", "then enqueued", "then sendingBegun"].map {
            #"{"match":{"kind":"create","prompt":"\#($0)","nth":1},"do":{"status":503}}"#
        }
        try await provider.script("[\(refused.joined(separator: ","))]")
        let all = CrashPoint.allCases.flatMap(\.trials) + CrashTrial.chains
        await withTaskGroup { group in
            // Two at a time, for machines with two processors.
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
        let installation = try GatewayInstallation(provider: provider.address, loop: provider.client.loop)
        let prompt = "a crash at \(trial)"
        let acknowledgedID = try await crash(trial, prompt, installation, provider.client)

        let program = try installation.start()
        let gateway = try await program.listeningAddress()
        if trial.expectation == .neverSent {
            let tasks = await provider.client.get("\(gateway)/v1/tasks")?.json?["data"]?.array
            #expect(tasks?.isEmpty == true, "\(trial): a task is stored")
            #expect(acknowledgedID == nil, "\(trial): a client received the id of a task that is gone")
            #expect(try await provider.ledger().creates(of: prompt).isEmpty, "\(trial): it was sent")
        }
        // The client repeats its POST, as after a lost response.
        let response = await provider.client.submit(prompt, to: gateway, key: "the-key")
        let named = response?.taskID
        let id = try #require(named, "\(trial): \(response?.text ?? "no response")")
        #expect(acknowledgedID == nil || acknowledgedID == id, "\(trial): the key returns another task")
        let task = try #require(await provider.client.follow(id, at: gateway), "\(trial)")
        let state = task["gateway"]?["state"]?.string
        let ledger = try await provider.ledger()
        switch trial.expectation {
        case .uncertain(let accepted):
            #expect(state == "uncertain", "\(trial)")
            #expect(ledger.accepted(of: prompt) == accepted, "\(trial)")
            #expect(ledger.creates(of: prompt).count <= 1, "\(trial): it was sent again")
        case .completed where trial.mayEnd(as: state, creates: ledger.creates(of: prompt).count): break
        case .neverSent, .completed:
            #expect(state == "completed", "\(trial): \(task)")
            #expect(ledger.accepted(of: prompt) == 1, "\(trial)")
            let content = await provider.client.get("\(gateway)/v1/tasks/\(id)/content")
            let hash = task["results"]?.array?.first?["sha256"]?.string
            #expect(content.map { SHA256Digest.hex(of: $0.body) } == hash, "\(trial): the content differs")
            #expect(
                installation.archivedFiles().hashes == hash.map { [id: $0] }, "\(trial): the archive differs")
        }
        program.signal(SIGTERM)
        #expect(await installation.exitStatus(of: program, within: .seconds(40)) == 0, "\(trial)")
        #expect(installation.archivedFiles().strays == [], "\(trial)")
    }

    /// Runs gateways that exit at their crash points; returns the task ID that the client received.
    private static func crash(
        _ trial: CrashTrial, _ prompt: String, _ installation: GatewayInstallation, _ client: CrashTestClient
    ) async throws -> String? {
        var acknowledgedID: String?
        for (number, point) in trial.points.enumerated() {
            let program = try installation.start(crashAt: point)
            if number == 0, let gateway = try? await program.listeningAddress() {
                acknowledgedID = await client.submit(prompt, to: gateway, key: "the-key")?.taskID
            }
            let status = await installation.exitStatus(of: program, within: .seconds(30))
            try #require(
                status == 86, "\(trial): \(point) was never reached (\(status)): \(program.errors.text)")
        }
        return acknowledgedID
    }
}

extension CrashPoint {
    /// The trials of a step. Transactions and changes are counted: a fresh job's first transaction admits it
    /// with the intent to send it, since a place is free; then come the verdict, the end at the provider and
    /// the video.
    fileprivate var trials: [CrashTrial] {
        switch self {
        case .requestBegun, .headParsed, .bodyComplete, .jobValidated, .admissionBegun, .admissionWritten:
            [at(1, .neverSent)]
        case .committing:
            [
                at(1, .neverSent), at(2, .uncertain(accepted: 1)), at(3, .completed), at(4, .completed),
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
        case .partialRecorded:
            [at(1, .completed), at(2, .completed)]
        case .copyResumed:
            [CrashTrial(points: ["partialRecorded", "\(self)"], expectation: .completed)]
        case .enqueued, .sendingBegun:
            // A job that was not accepted is queued again, and so are queued jobs at a start.
            [CrashTrial(points: ["retryDurable", "\(self)"], expectation: .completed)]
        case .verdictDurable, .retryDurable, .responseWritten, .pollBegun, .pollCompleted,
            .archivingDurable, .copyBegun, .fileWritten, .fileSynced, .fileRenamed, .copyDurable,
            .resultsVerified, .completionPublished:
            [at(1, .completed)]
        case .contentFilesRemoved:
            []  // No retention time is over here: see RetentionTests.
        case .deliveryBegun, .deliveryAnswered:
            // `DeliveryCrashTests`: this job has no callback.
            []
        case .backupBegun, .backupCopied, .backupNamed, .restoreCopied, .restoreMarked, .restoreNamed:
            // `BackupCrashTests`: no gateway reaches them.
            []
        case .storeInitializing:
            // The gateway exits before it listens.
            [at(1, .neverSent)]
        case .recoveryBegun, .interruptionDurable, .recoveryEnded:
            [CrashTrial(points: ["intentDurable", "\(self)"], expectation: .uncertain(accepted: 0))]
        }
    }

    private func at(_ time: Int, _ expectation: CrashTrial.Expectation) -> CrashTrial {
        CrashTrial(points: ["\(self):\(time)"], expectation: expectation)
    }
}

extension CrashTrial {
    /// Whether a job that is expected to complete may be uncertain: the point is its nth transaction or
    /// change, and this was the intent to send it. On a slow machine the free space of the disk may be
    /// unknown when the job comes; then it is queued first.
    fileprivate func mayEnd(as state: String?, creates: Int) -> Bool {
        let counted: [CrashPoint] = [.committing, .committed, .changeDurable, .changePublished]
        let isCounted = points.count == 1 && counted.contains { points[0].hasPrefix("\($0):") }
        return isCounted && state == "uncertain" && creates == 0
    }
}
