import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// `reelgate backup` and `reelgate restore` as an operator uses them.
@Suite(.timeLimit(.minutes(3))) struct BackupCommandTests {
    private func reelgate(_ fixture: EndToEndFixture, _ arguments: String...) async throws -> FinishedProgram
    {
        try await Tools.run(
            "reelgate", arguments + ["--config", "reelgate.yaml"], folder: fixture.folder.path)
    }

    private func query(_ file: String, _ sql: String) async throws -> [String] {
        let finished = try await Tools.run("sqlite3", [file, sql])
        try #require(finished.status == 0, "\(finished.errors)")
        return finished.lines
    }

    private func stop(_ gateway: GatewayUnderTest) async {
        gateway.program.signal(SIGTERM)
        #expect(await gateway.program.end() == 0)
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    /// Submits jobs by three clients until cancelled.
    private func submitting(
        to gateway: GatewayUnderTest, _ accepted: @escaping @Sendable (String) -> Void
    ) -> Task<Void, any Error> {
        Task {
            try await withThrowingTaskGroup { group in
                for _ in 0..<3 {
                    group.addTask {
                        while !Task.isCancelled {
                            accepted(
                                try await gateway.accepted(
                                    GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"]))
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    private func listedTasks(_ gateway: GatewayUnderTest) async throws -> Set<String> {
        var listed: Set<String> = []
        var next: String?
        repeat {
            let after = next.map { "&after=\($0)" } ?? ""
            let page = try await Curl.get("\(gateway.url)/v1/tasks?limit=100\(after)").json()
            listed.formUnion((page["data"]?.array ?? []).compactMap { $0["id"]?.string })
            next = page["next"]?.string
        } while next != nil
        return listed
    }

    @Test func `backups while jobs are submitted are whole, and have every job that was accepted before`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let (ids, accepted) = AsyncStream<String>.makeStream()
        let clients = submitting(to: gateway) { accepted.yield($0) }
        var known: Set<String> = []
        var stored: [Set<String>] = []
        var iterator = ids.makeAsyncIterator()
        for number in 0..<3 {
            // So many were accepted before the backup begins.
            while known.count < 10 * (number + 1), let id = await iterator.next() { known.insert(id) }
            let file = "\(fixture.folder.path)/backup-\(number)"
            let made = try await reelgate(fixture, "backup", file)
            #expect(made.status == 0, "\(made.errors)")
            #expect(try await query(file, "PRAGMA integrity_check") == ["ok"])
            let found = Set(try await query(file, "SELECT id FROM tasks"))
            #expect(known.isSubset(of: found), "backup \(number)")
            stored.append(found)
        }
        clients.cancel()
        _ = await clients.result
        let listed = try await listedTasks(gateway)
        for found in stored { #expect(found.isSubset(of: listed)) }
        let audit = try await reelgate(fixture, "audit", "--limit", "1000")
        #expect(audit.lines.count { $0.contains(#""action":"backup""#) } == 3)
        #expect(audit.text.contains("begun, to \(fixture.folder.path)/backup-2"))
    }

    @Test func `a backup has no key, is private, and replaces nothing`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.access = "{clients: tokens}" }
        let token = try #require(
            try await reelgate(fixture, "clients", "add", "studio", "--role", "operator").lines.first)
        _ = try await gateway.accepted(
            GatewayUnderTest.exampleJob, ["-H", "Authorization: Bearer \(token)"])
        let file = fixture.folder.path + "/backup"
        let made = try await reelgate(fixture, "backup", "backup")
        #expect(made.status == 0 && made.errors.isEmpty, "\(made.errors)")
        let line = try JSONValue(parsing: Array(made.text.utf8))
        #expect(line["file"]?.string == file && line["tasks"] == 1 && line["videos"] == 0)
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let bytes = try Data(contentsOf: URL(filePath: file))
        for secret in [EndToEndFixture.key, token, String(token.dropFirst(3))] {
            #expect(bytes.range(of: Data(secret.utf8)) == nil)
        }
        let again = try await reelgate(fixture, "backup", "backup")
        #expect(again.status == 1 && again.errors.contains("exists"), "\(again.errors)")
        #expect(try Data(contentsOf: URL(filePath: file)) == bytes)
        let nowhere = try await reelgate(fixture, "backup", "no/such/folder/backup")
        #expect(nowhere.status == 1 && nowhere.errors.contains("there is no folder"), "\(nowhere.errors)")
        #expect(try await reelgate(fixture, "backup").status == 2)
        #expect(try names(fixture.folder.path).filter { $0.hasPrefix("backup") } == ["backup"])

        // Without a gateway the command uses the store.
        await stop(gateway)
        let stopped = try await reelgate(fixture, "backup", "second")
        #expect(stopped.status == 0 && stopped.errors.contains("no gateway is running"), "\(stopped.errors)")
        #expect(
            try await query(
                fixture.folder.path + "/second", "SELECT count(*) FROM audit WHERE action='backup'")
                == ["2"])
    }

    /// Copies the archive to another installation as `rsync -a` does.
    private func copyArchive(_ fixture: EndToEndFixture, to other: EndToEndFixture) throws {
        try FileManager.default.copyItem(
            atPath: fixture.folder.path + "/data/archive", toPath: other.folder.path + "/data/archive")
    }

    /// Makes a backup with a completed and a queued job; then the queued one is sent.
    private func backUpQueuedJob(
        _ fixture: EndToEndFixture
    ) async throws -> (done: String, queued: String) {
        let first = try await fixture.gateway()
        let done = try await first.accepted()
        try await fixture.advance("61m")
        _ = try await first.follow(done) { $0["status"]?.string == "completed" }
        try await fixture.script(
            #"[{"match":{"kind":"create"},"times":1000,"do":{"status":503,"retry_after":1}}]"#)
        let response = try await first.submit(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        let queued = try #require(try response.json()["id"]?.string)
        _ = try await first.follow(queued) { ($0["gateway"]?["attempts"]?.integer ?? 0) > 0 }
        #expect(try await reelgate(fixture, "backup", "backup").status == 0)
        try await fixture.script("[]")
        _ = try await first.follow(queued) { $0["gateway"]?["state"]?.string == "running" }
        await stop(first)
        return (done, queued)
    }

    @Test func `on another machine without any mark a restored store starts paused, and sends nothing`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let (done, queued) = try await backUpQueuedJob(fixture)
        let other = try await EndToEndFixture()
        _ = try other.writeConfiguration()
        let backup = fixture.folder.path + "/backup"
        let restored = try await reelgate(other, "restore", backup)
        #expect(restored.status == 0, "\(restored.errors)")
        let lines = try restored.lines.map { try JSONValue(parsing: Array($0.utf8)) }
        #expect(lines.map { $0["object"]?.string } == ["missing_video", "restore"])
        #expect(lines.first?["task"]?.string == done && lines.last?["missing"] == 1)
        #expect(try names(other.folder.path + "/data").filter { $0 != "reelgate.db.lock" } == ["reelgate.db"])
        try copyArchive(fixture, to: other)
        try FileManager.default.removeItem(atPath: "\(other.folder.path)/data/archive/\(markName(other))")

        for signal in [SIGKILL, SIGTERM] {
            let second = try await other.gateway()
            #expect(try await second.task(queued)["gateway"]?["state"]?.string == "uncertain")
            let readiness = try await Curl.get("\(second.url)/readyz")
            #expect(readiness.status == 503 && readiness.text.contains("store_restored"))
            second.program.signal(signal)
            _ = await second.program.end()
        }
        let third = try await other.gateway()
        #expect(try await Curl.get("\(third.url)/readyz").status == 503)
        let settled = try await reelgate(other, "resume", "--older-store")
        #expect(settled.status == 0, "\(settled.errors)")
        #expect(try await Curl.get("\(third.url)/readyz").status == 200)
        #expect(try await Curl.get("\(third.url)/v1/tasks/\(done)/content").status == 200)
        #expect(try await other.ledger()["creates"]?.integer == 0)
        let audit = try await reelgate(other, "audit")
        #expect(audit.text.contains(#""action":"restore""#) && audit.text.contains("from \(backup)"))
    }

    /// The name of the archive's mark.
    private func markName(_ fixture: EndToEndFixture) throws -> String {
        let files = try names(fixture.folder.path + "/data/archive")
        return try #require(files.first { $0.hasSuffix(".mark") })
    }

    @Test func `restore replaces no store, and a gateway on other data goes on`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let id = try await gateway.accepted()
        #expect(try await reelgate(fixture, "backup", "backup").status == 0)
        let refused = try await reelgate(fixture, "restore", "backup")
        #expect(
            refused.status == 1 && refused.errors.contains("there is already a store"), "\(refused.errors)")
        let elsewhere = try await Tools.run(
            "reelgate", ["restore", "backup", "--config", "reelgate.yaml"],
            environment: ["REELGATE_DATA": fixture.folder.path + "/elsewhere"], folder: fixture.folder.path)
        #expect(elsewhere.status == 0, "\(elsewhere.errors)")
        #expect(
            try await query(fixture.folder.path + "/elsewhere/reelgate.db", "SELECT id FROM tasks") == [id])
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
        let foreign = try await reelgate(fixture, "restore", "reelgate.yaml")
        #expect(foreign.status == 1)
        await stop(gateway)
        let again = try await reelgate(fixture, "restore", "backup")
        #expect(again.status == 1 && again.errors.contains("there is already a store"), "\(again.errors)")
        let program = try fixture.startGateway(config: "reelgate.yaml")
        _ = try await program.listeningAddress()
    }

    @Test func `Ctrl-C leaves nothing of a backup, and nothing of a restoration`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        _ = try await gateway.accepted()
        await stop(gateway)
        // So much that no copy ends before the signal comes.
        let data = fixture.folder.path + "/data/reelgate.db"
        _ = try await query(
            data,
            """
            CREATE TABLE padding (body BLOB);
            INSERT INTO padding SELECT randomblob(1048576) FROM
                (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
                 SELECT i FROM n)
            """)
        #expect(try await reelgate(fixture, "backup", "whole").status == 0)
        let commands = [
            (["backup", "interrupted"], "interrupted.part", ""),
            (["restore", "whole"], "elsewhere/reelgate.db.rescue.part", fixture.folder.path + "/elsewhere"),
        ]
        for (arguments, temporary, folder) in commands {
            var environment = Tools.baseEnvironment
            if !folder.isEmpty { environment["REELGATE_DATA"] = folder }
            let program = try RunningProgram(
                Tools.reelgate, arguments + ["--config", "reelgate.yaml"], environment: environment,
                folder: fixture.folder.path)
            let path = "\(fixture.folder.path)/\(temporary)"
            while !FileManager.default.fileExists(atPath: path) {
                try Task.checkCancellation()
                await Task.yield()
            }
            program.signal(SIGINT)
            #expect(await program.end() == 130, "\(program.errors.text)")
            #expect(program.errors.text.contains("interrupted"))
            #expect(!FileManager.default.fileExists(atPath: path))
        }
        #expect(try names(fixture.folder.path + "/elsewhere") == ["reelgate.db.lock"])
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.path + "/interrupted"))
    }
}
