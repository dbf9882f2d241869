import Foundation
import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// A store that an operator restores from an online backup.
@Suite(.timeLimit(.minutes(3))) struct BackupRestorationTests {
    /// What is restored, and which marks remain.
    enum Case: String, CaseIterable {
        /// The store alone, after a graceful shutdown.
        case afterStop
        case afterKill
        /// Every file beside the store is gone: the archive's copy of the mark finds it.
        case withoutMarkBesideStore
        /// The archive is a new one: the copy beside the store finds it.
        case withoutMarkInArchive
    }

    private let down = #"[{"match":{"kind":"create"},"times":1000,"do":{"status":503,"retry_after":1}}]"#

    private func backUp(_ fixture: EndToEndFixture) async throws {
        let made = try await Tools.run(
            "sqlite3",
            [fixture.folder.path + "/data/reelgate.db", ".backup \(fixture.folder.path)/backup.db"])
        try #require(made.status == 0, "\(made.errors)")
    }

    private func end(_ gateway: GatewayUnderTest, _ signal: CInt) async {
        gateway.program.signal(signal)
        _ = await gateway.program.end()
    }

    /// Waits until a mark has the last commit of the store, at most a second.
    private func waitForMark(_ fixture: EndToEndFixture) async throws {
        let data = fixture.folder.path + "/data"
        while true {
            try Task.checkCancellation()
            let row = try await Tools.run(
                "sqlite3", ["-separator", "\n", data + "/reelgate.db", "SELECT id, sequence FROM store"])
            let lines = row.lines
            guard lines.count == 2 else { continue }
            let marks = [data + "/store-\(lines[0]).mark", data + "/archive/archive-\(lines[0]).mark"]
            let texts = marks.map { (try? String(contentsOfFile: $0, encoding: .utf8)) ?? "" }
            if texts.allSatisfy({ $0.hasSuffix("sequence \(lines[1])\n") }) { return }
        }
    }

    private func putBack(_ kind: Case, _ fixture: EndToEndFixture) throws {
        let data = fixture.folder.path + "/data"
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: data) {
            let isStore = name.hasPrefix("reelgate.db")
            if isStore || (kind == .withoutMarkBesideStore && name.hasSuffix(".mark")) {
                try files.removeItem(atPath: "\(data)/\(name)")
            }
        }
        if kind == .withoutMarkInArchive {
            for name in try files.contentsOfDirectory(atPath: data + "/archive") where name.hasSuffix(".mark")
            {
                try files.removeItem(atPath: "\(data)/archive/\(name)")
            }
        }
        try files.copyItem(atPath: fixture.folder.path + "/backup.db", toPath: data + "/reelgate.db")
    }

    private func reelgate(_ arguments: [String], _ gateway: GatewayUnderTest) async throws -> FinishedProgram
    {
        try await Tools.run("reelgate", arguments, environment: ["REELGATE_URL": gateway.url])
    }

    /// A gateway whose job was accepted by the provider after a backup with the job queued.
    private func buyAfterBackup(
        in fixture: EndToEndFixture
    ) async throws -> (gateway: GatewayUnderTest, id: String) {
        try await fixture.script(down)
        let gateway = try await fixture.gateway()
        let response = try await gateway.submit(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        let id = try #require(try response.json()["id"]?.string)
        _ = try await gateway.follow(id) { ($0["gateway"]?["attempts"]?.integer ?? 0) > 0 }
        try await backUp(fixture)
        try await fixture.script("[]")
        _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "running" }
        try #require(try await fixture.ledger()["accepted"]?.integer == 1)
        return (gateway, id)
    }

    /// Requires the pause in every response; returns a job that waits for its end.
    private func expectPause(_ gateway: GatewayUnderTest, of id: String) async throws -> String {
        let task = try await gateway.task(id)
        #expect(task["gateway"]?["state"]?.string == "uncertain")
        let message = task["gateway"]?["evidence"]?["words"]?.string ?? ""
        #expect(message.contains("this store is older than what was sent"), "\(message)")
        _ = try await gateway.program.line(of: \.errors, containing: "this store is older than what was sent")
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(readiness.status == 503)
        #expect(try readiness.json()["error"]?["code"]?.string == "store_restored")
        let refused = try await gateway.submit()
        #expect(refused.status == 503, "\(refused.text)")
        #expect(try refused.json()["error"]?["code"]?.string == "store_restored")
        #expect(refused.fields["retry-after"] != nil)
        return try #require(try refused.json()["task_id"]?.string)
    }

    @Test(arguments: Case.allCases)
    func `a job that was sent after the backup is not sent again`(_ kind: Case) async throws {
        let fixture = try await EndToEndFixture()
        let (first, id) = try await buyAfterBackup(in: fixture)
        if kind == .afterKill { try await waitForMark(fixture) }
        await end(first, kind == .afterKill ? SIGKILL : SIGTERM)
        try putBack(kind, fixture)

        let second = try await fixture.gateway()
        let waiting = try await expectPause(second, of: id)
        let ledger = try await fixture.ledger()
        #expect(ledger["accepted"]?.integer == 1)
        let bought = (ledger["entries"]?.array ?? []).compactMap { $0["task_id"]?.string }
        let providerTaskID = try #require(bought.first)
        let adopted = try await reelgate(["tasks", "adopt", id, providerTaskID], second)
        #expect(adopted.status == 0, "\(adopted.errors)")
        #expect(try await Curl.get("\(second.url)/readyz").status == 503, "settled is not resumed")
        let resumed = try await reelgate(["resume", "--older-store"], second)
        #expect(resumed.status == 0, "\(resumed.errors)")
        #expect(resumed.text.contains("idempotency keys newer than the backup are lost"))
        #expect(try await Curl.get("\(second.url)/readyz").status == 200)
        _ = try await second.follow(waiting) { $0["gateway"]?["state"]?.string == "running" }
        let new = try await second.accepted()
        try await fixture.advance("61m")
        for id in [id, waiting, new] {
            _ = try await second.follow(id) { $0["status"]?.string == "completed" }
        }
        #expect(try await fixture.ledger()["accepted"]?.integer == 3)

        // A crash after the restoration was resolved is an ordinary crash.
        await end(second, SIGKILL)
        let third = try await fixture.gateway()
        #expect(try await Curl.get("\(third.url)/readyz").status == 200)
        let again = try await reelgate(["resume", "--older-store"], third)
        #expect(again.status == 1 && again.errors.contains("409 not_paused"), "\(again.errors)")
    }

    @Test func `a pause survives a kill, and a dismissed task stays dismissed`() async throws {
        let fixture = try await EndToEndFixture()
        let (first, id) = try await buyAfterBackup(in: fixture)
        await end(first, SIGTERM)
        try putBack(.afterStop, fixture)
        for _ in 0..<2 {
            let next = try await fixture.gateway()
            #expect(try await Curl.get("\(next.url)/readyz").status == 503)
            await end(next, SIGKILL)
        }
        let last = try await fixture.gateway()
        #expect(try await reelgate(["tasks", "dismiss", id], last).status == 0)
        #expect(try await reelgate(["resume"], last).status == 2)
        #expect(try await reelgate(["resume", "--older-store"], last).status == 0)
        #expect(try await last.task(id)["error"]?["code"]?.string == "dismissed")
        #expect(try await fixture.ledger()["accepted"]?.integer == 1)
        let nobody = GatewayUnderTest(program: last.program, url: "http://127.0.0.1:1")
        #expect(try await reelgate(["resume", "--older-store"], nobody).status == 3)
    }

    @Test func `kills alone are never taken for a restoration`() async throws {
        let fixture = try await EndToEndFixture()
        for _ in 0..<4 {
            let gateway = try await fixture.gateway()
            #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
            for _ in 0..<3 { _ = try await gateway.accepted() }
            await end(gateway, SIGKILL)
        }
        let last = try await fixture.gateway()
        #expect(try await Curl.get("\(last.url)/readyz").status == 200)
        #expect(!last.program.errors.text.contains("older than what was sent"))
    }
}
