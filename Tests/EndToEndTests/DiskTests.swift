import Foundation
import JSONText
import ProcessTestSupport
import Testing
import TestSupport

/// What becomes of accepted and of new jobs when the disk under the real program fails, and when it is back.
@Suite(.timeLimit(.minutes(3))) struct DiskTests {
    static let mayMount = SmallDisk.isPossible

    @Test(.enabled(if: mayMount, "skipped: mounting a file system needs root"))
    func `a full disk refuses new jobs, loses no old one, and is noticed when it has room again`()
        async throws
    {
        let house = try await EndToEndFixture()
        let disk = try SmallDisk(megabytes: 8, in: TemporaryFolder())
        let gateway = try await house.gateway(places: DataPlaces(store: disk.path("data")))
        let old = try await gateway.accepted()
        let paid = try await sendSlowly(house, gateway)

        try disk.fill()
        try await house.release()
        try await expectRefusal(gateway, message: "free some")
        // The provider took the job while its word could not be written down.
        _ = try await gateway.program.line(of: \.errors, having: "the verdict on \(paid) (provider task")
        #expect(try await gateway.task(old)["gateway"]?["state"]?.string == "running")
        #expect(try await Curl.get("\(gateway.url)/v1/tasks").json()["data"]?.array?.count == 2)
        #expect(try await house.ledger()["creates"]?.integer == 2)

        try disk.free()
        try await expectRecovery(gateway)
        let running = try await gateway.follow(paid) { $0["gateway"]?["state"]?.string == "running" }
        #expect(running.last?["gateway"]?["provider_task_id"]?.string != nil)
        let new = try await gateway.accepted()
        try await house.advance("61m")
        try await expectCompleted([old, paid, new], house, gateway)
        // One line for the trouble, however many calls met it.
        let told = gateway.program.errors.text.split(separator: "\n")
        #expect(told.count { $0.contains("Jobs are refused until the store works") } == 1)
    }

    @Test(.enabled(if: mayMount, "skipped: mounting a file system needs root"))
    func `a kill on a full disk loses nothing that was accepted and buys nothing again`() async throws {
        let house = try await EndToEndFixture()
        let disk = try SmallDisk(megabytes: 8, in: TemporaryFolder())
        let places = DataPlaces(store: disk.path("data"))
        let first = try await house.gateway(places: places)
        let old = try await first.accepted()
        let paid = try await sendSlowly(house, first)
        try disk.fill()
        try await house.release()
        try await expectRefusal(first, message: "free some")
        let line = try await first.program.line(of: \.errors, having: "the verdict on \(paid) (provider task")
        try await kill(first)

        try disk.free()
        let second = try await house.gateway(places: places)
        // What the disk never held cannot be known: uncertain, and the log has the provider's name for it.
        #expect(try await second.task(paid)["gateway"]?["state"]?.string == "uncertain")
        #expect(line.contains("provider task task-unified-"))
        try await house.advance("61m")
        _ = try await second.follow(old) { $0["status"]?.string == "completed" }
        #expect(try await house.ledger()["creates"]?.integer == 2)
    }

    @Test(.enabled(if: mayMount, "skipped: mounting a file system needs root"))
    func `a store that may not be written is refused at the start, and has all when it may`() async throws {
        let house = try await EndToEndFixture()
        let disk = try SmallDisk(megabytes: 8, in: TemporaryFolder())
        let places = DataPlaces(store: disk.path("data"))
        let first = try await house.gateway(places: places)
        let id = try await first.accepted()
        try await kill(first)

        try disk.remount("ro")
        let config = try house.writeConfig(provider: house.provider, places: places)
        let refused = try house.startGateway(config: config)
        #expect(await refused.end() == 1)
        let message = String(decoding: await refused.errors.all(), as: UTF8.self)
        #expect(message.contains("let this user write"), "\(message)")

        try disk.remount("rw")
        let second = try await house.gateway(places: places)
        try await house.advance("61m")
        try await expectCompleted([id], house, second)
    }

    @Test(
        .enabled(if: mayMount, "skipped: mounting a file system needs root"), arguments: ["ro", "size=1m"])
    func `an archive that cannot be written delays the video and nothing else`(_ fault: String) async throws {
        let house = try await EndToEndFixture()
        // A tmpfs takes only what is written: the rest is the room that the archive leaves to others.
        let disk = try SmallDisk(megabytes: 100, in: TemporaryFolder())
        let places = DataPlaces(archive: disk.path("archive"))
        let first = try await house.gateway(places: places)
        let id = try await first.accepted()
        try disk.remount(fault)
        try await house.advance("61m")
        _ = try await first.program.line(of: \.errors, having: "task_id=\(id)")
        #expect(try await first.task(id)["gateway"]?["state"]?.string == "archiving")
        #expect(try await Curl.get("\(first.url)/readyz").status == 200)
        let other = try await first.accepted()
        try disk.remount(fault == "ro" ? "rw" : "size=100m")
        _ = try await first.follow(id) { $0["status"]?.string == "completed" }

        // The same again, ended by a kill.
        try disk.remount(fault)
        try await house.advance("61m")
        _ = try await first.program.line(of: \.errors, having: "task_id=\(other)")
        try await kill(first)
        try disk.remount(fault == "ro" ? "rw" : "size=100m")
        let second = try await house.gateway(places: places)
        try await expectCompleted([id, other], house, second)
    }

    @Test func `a data folder that is deleted under the gateway is written again, and survives a kill`()
        async throws
    {
        let house = try await EndToEndFixture()
        // The archive is elsewhere: one that was deleted is not taken for the same when it is made anew.
        let places = DataPlaces(archive: "archive")
        let first = try await house.gateway(places: places)
        var ids = [try await first.accepted()]
        for _ in 0..<2 {
            _ = try await Tools.run("rm", ["-rf", house.folder.path + "/data"])
            ids.append(try await acceptedSoon(first))
        }
        _ = try await first.program.line(of: \.errors, having: "was deleted under the running gateway")
        try await kill(first)

        let second = try await house.gateway(places: places)
        try await house.advance("61m")
        try await expectCompleted(ids, house, second)
        let check = try await Tools.run(
            "sqlite3", [house.folder.path + "/data/reelgate.db", "PRAGMA integrity_check"])
        #expect(check.text == "ok\n", "\(check.errors)")
    }

    @Test func `a store that is moved away takes nothing until it is put back, and is never doubled`()
        async throws
    {
        let house = try await EndToEndFixture()
        let first = try await house.gateway()
        let id = try await first.accepted()
        let path = house.folder.path + "/data/reelgate.db"
        try FileManager.default.moveItem(atPath: path, toPath: path + ".elsewhere")
        try await expectRefusal(first, message: "put it back")
        #expect(!FileManager.default.fileExists(atPath: path))
        try FileManager.default.moveItem(atPath: path + ".elsewhere", toPath: path)
        try await expectRecovery(first)
        let other = try await first.accepted()
        try await kill(first)

        let second = try await house.gateway()
        try await house.advance("61m")
        try await expectCompleted([id, other], house, second)
    }

    @Test func `a database that is damaged under the gateway is told and refuses jobs, and ends nothing`()
        async throws
    {
        let house = try await EndToEndFixture()
        let first = try await house.gateway()
        let id = try await first.accepted()
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)
        let path = house.folder.path + "/data/reelgate.db"
        let whole = try Data(contentsOf: URL(filePath: path))

        let second = try await house.gateway()
        try overwrite(path, Data(repeating: 0xA5, count: whole.count - 4_096), at: 4_096)
        // Not cached, so it must be read.
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
        let third = try await house.gateway()
        try await house.advance("61m")
        try await expectCompleted([id], house, third)
    }

    @Test func `a database that was cut short is refused at the start with what to do`() async throws {
        let house = try await EndToEndFixture()
        let first = try await house.gateway()
        _ = try await first.accepted()
        first.program.signal(SIGTERM)
        #expect(await first.program.end() == 0)
        let path = house.folder.path + "/data/reelgate.db"
        let torn = try Data(contentsOf: URL(filePath: path)).dropLast(10_000)
        try torn.write(to: URL(filePath: path))
        let refused = try house.startGateway(config: try house.writeConfig(provider: house.provider))
        #expect(await refused.end() == 1)
        let message = String(decoding: await refused.errors.all(), as: UTF8.self)
        #expect(message.contains("restore a copy"), "\(message)")
        #expect(try Data(contentsOf: URL(filePath: path)) == torn)
    }
}

extension DiskTests {
    /// A second job, whose verdict the provider holds back until it is released; returns when it is there.
    private func sendSlowly(_ house: EndToEndFixture, _ gateway: GatewayUnderTest) async throws -> String {
        try await house.script(#"[{"match":{"kind":"create","nth":1},"do":{"delay":"50s"}}]"#)
        let id = try await gateway.accepted(GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string == "sending" }
        while try await house.ledger()["creates"]?.integer != 2 {}
        return id
    }

    /// A new job is refused for the store's sake, and everyone is told why.
    private func expectRefusal(_ gateway: GatewayUnderTest, message: String) async throws {
        let answer = try await gateway.submit()
        #expect(answer.status == 503, "\(answer.text)")
        #expect(try answer.json()["error"]?["code"]?.string == "store_unavailable")
        #expect(answer.fields["retry-after"].flatMap { Int($0) } ?? 0 > 0)
        #expect(answer.text.contains(message), "\(answer.text)")
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(readiness.status == 503)
        #expect(readiness.text.contains(message), "\(readiness.text)")
        let line = try await gateway.program.line(
            of: \.errors, having: "Jobs are refused until the store works")
        #expect(line.contains(message), "\(line)")
    }

    /// Nobody calls; the gateway finds out by itself.
    private func expectRecovery(_ gateway: GatewayUnderTest) async throws {
        _ = try await gateway.program.line(of: \.errors, having: "the store works again")
        // A file that is put back piece by piece can be found damaged once more.
        while try await Curl.get("\(gateway.url)/readyz").status != 200 {}
    }

    /// All have their video, and each was bought once.
    private func expectCompleted(
        _ ids: [String], _ house: EndToEndFixture, _ gateway: GatewayUnderTest
    ) async throws {
        for id in ids {
            _ = try await gateway.follow(id) { $0["status"]?.string == "completed" }
            #expect(try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content").status == 200)
        }
        let ledger = try await house.ledger()
        #expect(ledger["creates"]?.integer == Int64(ids.count))
        #expect(ledger["accepted"]?.integer == Int64(ids.count))
    }

    /// Sends a job until it is taken: a deletion can hit the rescue too, which is then tried again.
    private func acceptedSoon(_ gateway: GatewayUnderTest) async throws -> String {
        while true {
            let answer = try await gateway.submit()
            try Task.checkCancellation()
            if answer.status == 503 { continue }
            #expect(answer.status == 200, "\(answer.text)")
            return try #require(try answer.json()["id"]?.string)
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
