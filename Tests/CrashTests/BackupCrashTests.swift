import FoundationEssentials
import Glibc
import JSONText
import ProcessTestSupport
import Testing
import Transport

/// Backups and restorations that are killed at each crash point, and starts of the restored store.
@Suite(.timeLimit(.minutes(5))) struct BackupCrashTests {
    private let client: CrashTestClient
    private let provider: SimulatorProcess
    private let installation: GatewayInstallation

    init() async throws {
        client = CrashTestClient(loop: try EventLoop(label: "backups"))
        provider = try await SimulatorProcess(taskSeconds: 0, client: client)
        installation = try GatewayInstallation(provider: provider.address, loop: client.loop)
        try await provider.script(
            #"[{"match":{"kind":"create"},"times":1000,"do":{"status":503,"retry_after":1}}]"#)
    }

    private func run(_ arguments: [String], crashAt point: String? = nil) async throws -> FinishedProgram {
        var environment: [String: String] = [:]
        environment["REELGATE_CRASH_AT"] = point
        return try await Tools.run(
            "reelgate", arguments + ["--config", "reelgate.yaml"], environment: environment,
            folder: installation.folder.path)
    }

    private func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(installation.folder.path)/\(name)")
    }

    private func check(_ name: String) async throws -> String {
        let path = "\(installation.folder.path)/\(name)"
        return try await Tools.run("sqlite3", [path, "PRAGMA integrity_check"]).text
    }

    /// Makes a store with one queued job, and stops its gateway.
    private func queueJob() async throws -> String {
        let program = try installation.start()
        let gateway = try await program.listeningAddress()
        let response = await client.submit("queued", to: gateway, key: nil, prefer: "respond-async")
        let id = try #require(response?.taskID)
        program.signal(SIGTERM)
        #expect(await installation.exitStatus(of: program, within: .seconds(40)) == 0)
        return id
    }

    @Test(arguments: [("backupBegun", false), ("backupCopied", false), ("backupNamed", true)])
    func `a killed backup is whole or not there, and the next one works`(
        _ point: String, _ isThere: Bool
    ) async throws {
        _ = try await queueJob()
        let killed = try await run(["backup", "one"], crashAt: point)
        try #require(killed.status == 86, "\(killed.errors)")
        #expect(exists("one") == isThere)
        if isThere {
            #expect(try await check("one") == "ok\n")
            #expect(try await run(["backup", "one"]).status == 1)
        }
        let next = try await run(["backup", isThere ? "two" : "one"])
        #expect(next.status == 0, "\(next.errors)")
        #expect(try await check(isThere ? "two" : "one") == "ok\n")
        if !isThere { #expect(!exists("one.part")) }
    }

    @Test(arguments: [
        ["restoreCopied"], ["restoreMarked"], ["restoreNamed"], ["restoreCopied", "restoreMarked"],
        ["-", "recoveryBegun"], ["-", "committing"], ["-", "committed"], ["-", "changeDurable"],
        ["-", "changePublished"], ["-", "recoveryEnded", "recoveryBegun"],
        ["restoreNamed", "committing", "committed", "recoveryEnded"],
    ])
    func `a restored store starts as older after a kill at any point`(_ points: [String]) async throws {
        let id = try await queueJob()
        #expect(try await run(["backup", "backup"]).status == 0)
        // As on another machine: neither the store nor any mark.
        try FileManager.default.removeItem(atPath: "\(installation.folder.path)/data")
        for point in points where point.hasPrefix("restore") {
            let killed = try await run(["restore", "backup"], crashAt: point)
            try #require(killed.status == 86, "\(point): \(killed.errors)")
            #expect(exists("data/reelgate.db") == (point == "restoreNamed"))
        }
        if !exists("data/reelgate.db") {
            let restored = try await run(["restore", "backup"])
            #expect(restored.status == 0, "\(restored.errors)")
        }
        try await provider.script("[]")
        for point in points where point != "-" && !point.hasPrefix("restore") {
            let program = try installation.start(crashAt: point)
            let status = await installation.exitStatus(of: program, within: .seconds(30))
            try #require(status == 86, "\(point) was never reached (\(status)): \(program.errors.text)")
        }
        for _ in 0..<2 {
            let program = try installation.start()
            let gateway = try await program.listeningAddress()
            let readiness = await client.get("\(gateway)/readyz")
            #expect(readiness?.status == 503 && readiness?.text.contains("store_restored") == true)
            let task = await client.get("\(gateway)/v1/tasks/\(id)")?.json
            #expect(task?["gateway"]?["state"]?.string == "uncertain")
            program.signal(SIGKILL)
            _ = await program.end()
        }
        #expect(!exists("data/reelgate.db.rescue.part"))
        #expect(try await provider.ledger().accepted(of: "queued") == 0)
    }
}
