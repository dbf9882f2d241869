import Foundation
import JSONText
import ProcessTestSupport
import Testing
import TestSupport

/// Accepted and new jobs while the disk of the gateway fails, and after it works again.
@Suite(.timeLimit(.minutes(3))) struct DiskTests {
    static let mayMount = SmallDisk.isPossible

    @Test(.enabled(if: mayMount, "skipped: mounting a file system needs root"))
    func `with a full disk new jobs are rejected and old ones kept, until there is space again`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let disk = try SmallDisk(megabytes: 8, in: TemporaryFolder())
        let gateway = try await fixture.gateway { $0.store = disk.path("data") }
        let old = try await gateway.accepted()
        let paid = try await sendSlowly(fixture, gateway)

        try disk.fill()
        try await fixture.release()
        try await expectRefusal(gateway, message: "free some")
        // The provider accepted the job while the verdict could not be stored.
        let line = try await gateway.program.line(of: \.errors, containing: "a verdict is not durable yet")
        #expect(line.contains(#""task_id":"\#(paid)""#), "\(line)")
        #expect(try await gateway.task(old)["gateway"]?["state"]?.string == "running")
        #expect(try await Curl.get("\(gateway.url)/v1/tasks").json()["data"]?.array?.count == 2)
        #expect(try await fixture.ledger()["creates"]?.integer == 2)

        try disk.free()
        try await expectRecovery(gateway)
        let running = try await gateway.follow(paid) { $0["gateway"]?["state"]?.string == "running" }
        #expect(running.last?["gateway"]?["provider_task_id"]?.string != nil)
        let new = try await gateway.accepted()
        try await fixture.advance("61m")
        try await expectCompleted([old, paid, new], fixture, gateway)
        // One log line, however many calls failed.
        let lines = gateway.program.errors.text.split(separator: "\n")
        #expect(lines.count { $0.contains("the store does not work; jobs are refused") } == 1)
    }

    @Test(.enabled(if: mayMount, "skipped: mounting a file system needs root"))
    func `a kill on a full disk loses no accepted job and sends none again`() async throws {
        let fixture = try await EndToEndFixture()
        let disk = try SmallDisk(megabytes: 8, in: TemporaryFolder())
        let onDisk: (inout GatewayYAML) -> Void = { $0.store = disk.path("data") }
        let first = try await fixture.gateway(onDisk)
        let old = try await first.accepted()
        let paid = try await sendSlowly(fixture, first)
        try disk.fill()
        try await fixture.release()
        try await expectRefusal(first, message: "free some")
        let line = try await first.program.line(of: \.errors, containing: "a verdict is not durable yet")
        try await kill(first)

        try disk.free()
        let second = try await fixture.gateway(onDisk)
        // A verdict that was never stored is uncertain; the log has the provider task ID.
        #expect(try await second.task(paid)["gateway"]?["state"]?.string == "uncertain")
        #expect(line.contains(#""provider_task_id":"task-unified-"#) && line.contains(paid), "\(line)")
        try await fixture.advance("61m")
        _ = try await second.follow(old) { $0["status"]?.string == "completed" }
        #expect(try await fixture.ledger()["creates"]?.integer == 2)
    }

    @Test(.enabled(if: mayMount, "skipped: mounting a file system needs root"))
    func `a read-only store is rejected at startup, and complete once it is writable`() async throws {
        let fixture = try await EndToEndFixture()
        let disk = try SmallDisk(megabytes: 8, in: TemporaryFolder())
        let onDisk: (inout GatewayYAML) -> Void = { $0.store = disk.path("data") }
        let first = try await fixture.gateway(onDisk)
        let id = try await first.accepted()
        try await kill(first)

        try disk.remount("ro")
        let config = try fixture.writeConfiguration(onDisk)
        let refused = try fixture.startGateway(config: config)
        #expect(await refused.end() == 1)
        let message = String(decoding: await refused.errors.all(), as: UTF8.self)
        #expect(message.contains("let this user write"), "\(message)")

        try disk.remount("rw")
        let second = try await fixture.gateway(onDisk)
        try await fixture.advance("61m")
        try await expectCompleted([id], fixture, second)
    }

    @Test(
        .enabled(if: mayMount, "skipped: mounting a file system needs root"), arguments: ["ro", "size=1m"])
    func `an archive that cannot be written delays only the video`(_ fault: String) async throws {
        let fixture = try await EndToEndFixture()
        // A tmpfs uses memory only for written bytes; the rest is the free space that the archive requires,
        // and reserves for each result.
        let disk = try SmallDisk(megabytes: 300, in: TemporaryFolder())
        let onDisk: (inout GatewayYAML) -> Void = { $0.archive = disk.path("archive") }
        let first = try await fixture.gateway(onDisk)
        let id = try await first.accepted()
        try disk.remount(fault)
        try await fixture.advance("61m")
        try await expectNotCopied(id, first)
        #expect(try await first.task(id)["gateway"]?["state"]?.string == "archiving")
        #expect(try await Curl.get("\(first.url)/readyz").status == 200)
        let other: String
        if fault == "ro" {
            other = try await first.accepted()
        } else {
            // Without space for its result a job is not sent.
            let response = try await first.submit()
            #expect(response.status == 503, "\(response.text)")
            #expect(try response.json()["error"]?["code"]?.string == "archive_unavailable")
            other = try #require(try response.json()["task_id"]?.string)
        }
        try disk.remount(fault == "ro" ? "rw" : "size=300m")
        _ = try await first.follow(id) { $0["status"]?.string == "completed" }

        // The same again, with a kill.
        _ = try await first.follow(other) { $0["gateway"]?["state"]?.string == "running" }
        try disk.remount(fault)
        try await fixture.advance("61m")
        try await expectNotCopied(other, first)
        try await kill(first)
        try disk.remount(fault == "ro" ? "rw" : "size=300m")
        let second = try await fixture.gateway(onDisk)
        try await expectCompleted([id, other], fixture, second)
    }

    @Test func `a data folder that is deleted while the gateway runs is restored, and survives a kill`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        // The archive is elsewhere, because a deleted archive is not accepted again when it is created anew.
        let apart: (inout GatewayYAML) -> Void = { $0.archive = "archive" }
        let first = try await fixture.gateway(apart)
        var ids = [try await first.accepted()]
        for _ in 0..<2 {
            _ = try await Tools.run("rm", ["-rf", fixture.folder.path + "/data"])
            ids.append(try await acceptedSoon(first))
        }
        _ = try await first.program.line(of: \.errors, containing: "was deleted under the running gateway")
        try await kill(first)

        let second = try await fixture.gateway(apart)
        try await fixture.advance("61m")
        try await expectCompleted(ids, fixture, second)
        let check = try await Tools.run(
            "sqlite3", [fixture.folder.path + "/data/reelgate.db", "PRAGMA integrity_check"])
        #expect(check.text == "ok\n", "\(check.errors)")
    }

    @Test
    func `a store that is moved away accepts nothing until it is moved back, and is never created twice`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let id = try await first.accepted()
        let path = fixture.folder.path + "/data/reelgate.db"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".elsewhere")
        try await expectRefusal(first, message: "put it back")
        #expect(!FileManager.default.fileExists(atPath: path))
        try FileManager.default.moveItem(atPath: path + ".elsewhere", toPath: path)
        try await expectRecovery(first)
        let other = try await first.accepted()
        try await kill(first)

        let second = try await fixture.gateway()
        try await fixture.advance("61m")
        try await expectCompleted([id, other], fixture, second)
    }

    @Test func `a database that is corrupted while the gateway runs is reported and rejects jobs`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        let id = try await first.accepted()
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)
        let path = fixture.folder.path + "/data/reelgate.db"
        let whole = try Data(contentsOf: URL(filePath: path))

        let second = try await fixture.gateway()
        try overwrite(path, Data(repeating: 0xA5, count: whole.count - 4_096), at: 4_096)
        // Not cached, so it is read from the database.
        for name in ["a", "b", "c", "d"] {
            _ = try await Curl.get("\(second.url)/v1/tasks?limit=5&model=\(name)")
            _ = try await Curl.get("\(second.url)/v1/tasks/task-unified-\(name)")
        }
        try await expectRefusal(second, message: "is damaged")
        #expect(try await Curl.get("\(second.url)/healthz").status == 200)
        #expect(try await second.task(id)["gateway"]?["state"]?.string == "running")

        try overwrite(path, whole, at: 0)
        try await expectRecovery(second)
        try await kill(second)
        let third = try await fixture.gateway()
        try await fixture.advance("61m")
        try await expectCompleted([id], fixture, third)
    }

    @Test func `a truncated database is rejected at startup with a remedy`() async throws {
        let fixture = try await EndToEndFixture()
        let first = try await fixture.gateway()
        _ = try await first.accepted()
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)
        let path = fixture.folder.path + "/data/reelgate.db"
        let torn = try Data(contentsOf: URL(filePath: path)).dropLast(10_000)
        try torn.write(to: URL(filePath: path))
        let refused = try fixture.startGateway(config: try fixture.writeConfiguration())
        #expect(await refused.end() == 1)
        let message = String(decoding: await refused.errors.all(), as: UTF8.self)
        #expect(message.contains("restore a copy"), "\(message)")
        #expect(try Data(contentsOf: URL(filePath: path)) == torn)
    }
}

extension DiskTests {
    /// Submits a second job whose verdict the provider delays; returns when the provider has it.
    private func sendSlowly(_ fixture: EndToEndFixture, _ gateway: GatewayUnderTest) async throws -> String {
        try await fixture.script(#"[{"match":{"kind":"create","nth":1},"do":{"delay":"50s"}}]"#)
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "sending" }
        while try await fixture.ledger()["creates"]?.integer != 2 {}
        return id
    }

    /// Requires that new jobs are rejected because of the store, with the reason in every response.
    private func expectRefusal(_ gateway: GatewayUnderTest, message: String) async throws {
        let response = try await gateway.submit()
        #expect(response.status == 503, "\(response.text)")
        #expect(try response.json()["error"]?["code"]?.string == "store_unavailable")
        #expect(response.fields["retry-after"].flatMap { Int($0) } ?? 0 > 0)
        #expect(response.text.contains(message), "\(response.text)")
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(readiness.status == 503)
        #expect(readiness.text.contains(message), "\(readiness.text)")
        let line = try await gateway.program.line(
            of: \.errors, containing: "the store does not work; jobs are refused")
        #expect(line.contains(message), "\(line)")
    }

    /// Waits until the gateway has detected by itself that the store works.
    private func expectRecovery(_ gateway: GatewayUnderTest) async throws {
        _ = try await gateway.program.line(of: \.errors, containing: "the store works again")
        // A file that is written piece by piece may be found corrupt again.
        while try await Curl.get("\(gateway.url)/readyz").status != 200 {}
    }

    /// Waits for the warning that the video of a task is not copied yet.
    private func expectNotCopied(_ id: String, _ gateway: GatewayUnderTest) async throws {
        let line = await gateway.program.errors.first {
            $0.contains("a result is not copied yet") && $0.contains(id)
        }
        try #require(line != nil)
    }

    /// Requires that all tasks complete with a video and one create each.
    private func expectCompleted(
        _ ids: [String], _ fixture: EndToEndFixture, _ gateway: GatewayUnderTest
    ) async throws {
        for id in ids {
            _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
            #expect(try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content").status == 200)
        }
        let ledger = try await fixture.ledger()
        #expect(ledger["creates"]?.integer == Int64(ids.count))
        #expect(ledger["accepted"]?.integer == Int64(ids.count))
    }

    /// Submits a job until it is accepted: a deletion can also hit the rescue copy, which is written again.
    private func acceptedSoon(_ gateway: GatewayUnderTest) async throws -> String {
        while true {
            let response = try await gateway.submit()
            try Task.checkCancellation()
            if response.status == 503 { continue }
            #expect(response.status == 200, "\(response.text)")
            return try #require(try response.json()["id"]?.string)
        }
    }

    private func kill(_ gateway: GatewayUnderTest) async throws {
        gateway.program.signal(SIGKILL)
        #expect(await gateway.program.end() == -SIGKILL)
    }

    private func overwrite(_ path: String, _ bytes: Data, at offset: UInt64) throws {
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: bytes)
        try file.close()
    }
}
