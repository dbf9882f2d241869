import Glibc
import JSONText
import ProcessTestSupport
import TestSupport
import Testing

/// Jobs of the executable while the archive has no space for their results.
@Suite(.timeLimit(.minutes(3))) struct ArchiveSpaceTests {
    /// Requires that a job is kept, and not sent for lack of space. Returns its id.
    private func waitingJob(
        _ gateway: GatewayUnderTest, _ options: [String] = []
    ) async throws -> String {
        let response = try await gateway.submit(GatewayUnderTest.exampleJob, options)
        #expect(response.status == 503, "\(response.text)")
        #expect(response.fields["retry-after"].flatMap { Int($0) } ?? 0 > 0)
        #expect(response.fields["x-should-retry"] == "false")
        let problem = try response.json()
        #expect(problem["error"]?["code"]?.string == "archive_unavailable")
        let id = try #require(problem["task_id"]?.string)
        let task = try await gateway.task(id)
        #expect(task["gateway"]?["state"]?.string == "queued")
        #expect(task["gateway"]?["waiting"]?["code"]?.string == "archive_unavailable", "\(task)")
        let readiness = try await Curl.get("\(gateway.url)/readyz")
        #expect(readiness.status == 503 && readiness.text.contains("archive_unavailable"))
        return id
    }

    private func expectAllCompleted(
        _ ids: [String], _ fixture: EndToEndFixture, _ gateway: GatewayUnderTest, creates: Int? = nil
    ) async throws {
        for id in ids {
            _ = try await gateway.follow(id) { $0["gateway"]?["state"]?.string != "queued" }
        }
        try await fixture.advance("61m")
        for id in ids { _ = try await gateway.follow(id) { $0["status"]?.string == "completed" } }
        #expect(try await fixture.ledger()["creates"]?.integer == Int64(creates ?? ids.count))
        #expect(try await Curl.get("\(gateway.url)/readyz").status == 200)
    }

    @Test(.enabled(if: SmallDisk.isPossible, "skipped: mounting a file system needs root"))
    func `with a small disk jobs wait unsent, also across a kill, until it has space`() async throws {
        let fixture = try await EndToEndFixture()
        // 64 MiB stay free; the rest is enough for two reservations.
        let disk = try SmallDisk(megabytes: 220, in: TemporaryFolder())
        let onDisk: (inout GatewayYAML) -> Void = { $0.archive = disk.path("archive") }
        let first = try await fixture.gateway(onDisk)
        var ids = [try await first.accepted(), try await first.accepted()]
        ids.append(try await waitingJob(first))
        ids.append(try await waitingJob(first))
        #expect(try await fixture.ledger()["creates"]?.integer == 2)

        first.program.signal(SIGKILL)
        #expect(await first.program.end() == -SIGKILL)
        let second = try await fixture.gateway(onDisk)
        ids.append(try await waitingJob(second))
        #expect(try await fixture.ledger()["creates"]?.integer == 2)
        try disk.remount("size=600m")
        try await expectAllCompleted(ids, fixture, second)
    }

    @Test func `at the byte limit jobs wait for the end of others, and old videos are removed for them`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway { $0.archiveLimits = "max_bytes: 128MiB" }
        let running = [try await gateway.accepted(), try await gateway.accepted()]
        let waiting = try await waitingJob(gateway)
        let asynchronous = try await gateway.submit(
            GatewayUnderTest.exampleJob, ["-H", "Prefer: respond-async"])
        #expect(asynchronous.status == 503 || asynchronous.status == 202)
        let last = try #require(
            try asynchronous.json()["task_id"]?.string ?? asynchronous.json()["id"]?.string)
        try await fixture.advance("61m")
        for id in running { _ = try await gateway.follow(id) { $0["status"]?.string == "completed" } }
        try await expectAllCompleted([waiting, last], fixture, gateway, creates: 4)
        // Two reservations leave no byte for a video.
        for id in running {
            let content = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/content", ["--range", "0-99"])
            let record = try await Curl.get("\(gateway.url)/v1/tasks/\(id)/record")
            #expect(content.status == 410, "\(content.status) \(record.text)\n\(gateway.program.errors.text)")
        }
    }

    @Test func `a limit below one reservation is reported before and at the first job`() async throws {
        let fixture = try await EndToEndFixture()
        let config = try fixture.writeConfiguration { $0.archiveLimits = "max_bytes: 10MiB" }
        let check = try await Tools.run("reelgate", ["check", "--config", config])
        #expect((check.text + check.errors).contains("archive.max_bytes is smaller"), "\(check.text)")
        let gateway = try await fixture.gateway { $0.archiveLimits = "max_bytes: 10MiB" }
        let id = try await waitingJob(gateway)
        let message = try await gateway.task(id)["gateway"]?["waiting"]?["message"]?.string
        #expect(message?.contains("more than archive.max_bytes") == true, "\(message ?? "")")
        #expect(try await fixture.ledger()["creates"]?.integer == 0)
        #expect(try await Curl.post("\(gateway.url)/v1/tasks/\(id)/cancel", "").status == 200)
    }
}
