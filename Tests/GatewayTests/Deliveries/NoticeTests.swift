import GatewayFakes
import Testing
import VideoJobs

@testable import Gateway

/// Notices for people, of tasks that end.
@Suite struct NoticeTests {
    private let harness = makeHarness { $0.maxInFlight = 100 }
    private var notices: ScriptedNotices { harness.notices }

    private func words() -> [String] { notices.sent.map { String(decoding: $0.body, as: UTF8.self) } }

    private func deliveries(_ id: TaskID, for caller: Caller = .open) throws -> [Delivery] {
        try harness.run { try await $0.deliveries(of: id, for: caller) }.result?.get() ?? []
    }

    @Test func `the end of a task is reported to every receiver at once`() throws {
        notices.add("a.url", "b.url")
        harness.provider.report(done)
        let id = try harness.admit().record.id
        harness.pass(.seconds(20))
        let version = try harness.record(id).version
        #expect(words() == Array(repeating: "completed \(id) \(version)", count: 2))
        #expect(notices.sent.map(\.target.receiver) == ["a.url", "b.url"])
        #expect(try deliveries(id).map(\.state) == [.delivered, .delivered])
        #expect(harness.webhooks.sent.isEmpty)
        let line = try #require(harness.log.lines.first { $0.contains("a notice was delivered") })
        #expect(line.contains("task.completed") && line.contains("a.url") && line.contains("slack"))
    }

    @Test func `a failed and an uncertain task are reported, a cancelled one is not`() throws {
        notices.add("a.url")
        harness.provider.respond(with: .unknown(LostReply("cut", bytesSent: 9)))
        let uncertain = try harness.admit().record.id
        #expect(words() == ["uncertain \(uncertain) \(try harness.record(uncertain).version)"])
        _ = harness.run { try await $0.settle(uncertain, as: .dismiss, for: .open) }
        #expect(words().last?.hasPrefix("failed \(uncertain)") == true)
        harness.provider.respond(with: .blocked(.rateLimited, retryAfter: .seconds(500), message: "busy"))
        let cancelled = try harness.admit().record.id
        _ = harness.run { try await $0.cancel(cancelled, for: .open) }
        #expect(try harness.state(cancelled) == .cancelled)
        #expect(notices.sent.count == 2)
    }

    @Test func `a receiver that is down is tried again by the schedule, also after a restart`() throws {
        notices.add("a.url")
        notices.reply(.response(status: 429, retryAfter: .seconds(60)), .response(status: 302))
        harness.provider.report(done)
        let id = try harness.admit().record.id
        harness.pass(.seconds(20))
        #expect(try deliveries(id).first?.state == .pending)
        harness.restart()
        harness.pass(.seconds(45))
        #expect(notices.sent.count == 1)
        harness.pass(.seconds(400))
        #expect(notices.sent.count == 3)
        #expect(try deliveries(id).first?.attempts.map(\.status) == [429, 302, 200])
        #expect(Set(notices.sent.map(\.body)).count == 1)
    }

    @Test func `what was pending for a removed receiver is given up`() throws {
        notices.add("a.url")
        notices.reply(.withdrawn("no entry"))
        harness.provider.report(done)
        let id = try harness.admit().record.id
        harness.pass(.seconds(3 * 3600))
        #expect(notices.sent.count == 1)
        #expect(try deliveries(id).first?.state == .stopped)
        #expect(try deliveries(id).first?.attempts.first?.message == "no entry")
    }

    @Test func `only an operator sees notices, and only webhooks are sent again`() throws {
        notices.add("a.url")
        harness.provider.report(done, done)
        let silent = try harness.admit().record.id
        harness.pass(.seconds(20))
        let owner = Caller(client: Caller.open.client, isOperator: false)
        #expect(try deliveries(silent, for: owner).isEmpty)
        #expect(try deliveries(silent).count == 1)
        let again = try harness.run { try await $0.redeliver(silent, for: .open) }.result?.get()
        guard case .nothing? = again else { Issue.record("a notice was sent again"); return }
        let job = VideoJob(model: "m", payload: [7], callbackURL: "https://hooks.example/")
        let reported = try #require(harness.run { try await $0.admit(job, for: .open) }.result).get().record
            .id
        harness.pass(.seconds(20))
        #expect(try deliveries(reported).map(\.isWebhook) == [true, false])
        #expect(try deliveries(reported, for: owner).map(\.isWebhook) == [true])
        _ = harness.run { try await $0.redeliver(reported, for: .open) }
        #expect(harness.webhooks.sent.count == 2 && notices.sent.count == 2)
    }
}
