import GatewayFakes
import Testing
import Tracing
import VideoJobs

@testable import Gateway

@Suite struct DeliveryServiceTests {
    private let harness = makeHarness { $0.maxInFlight = 100 }
    private var webhooks: ScriptedWebhooks { harness.webhooks }
    private let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    /// Admits a job with a callback.
    private func admit(_ url: String = "https://hooks.example/a?t=s") throws -> TaskID {
        var caller = Caller.open
        caller.trace = TaskTrace(text: trace)
        let job = VideoJob(model: "m", payload: [7], callbackURL: url)
        let admitted = harness.run { [caller] in try await $0.admit(job, for: caller) }
        return try #require(admitted.result).get().record.id
    }

    /// Admits a job that completes.
    private func complete(_ url: String = "https://hooks.example/a?t=s") throws -> TaskID {
        harness.provider.report(done)
        let id = try admit(url)
        harness.pass(.seconds(20))
        try #require(try harness.state(id) == .completed)
        return id
    }

    private func delivery(_ id: TaskID) throws -> Delivery {
        let found = try harness.run { try await $0.deliveries(of: id, for: .open) }.result?.get()
        return try #require(found?.last)
    }

    private func type(_ id: TaskID) throws -> WebhookType? {
        guard case .webhook(let type, _) = try delivery(id).target else { return nil }
        return type
    }

    @Test func `the end of a task is sent at once, as it was then`() throws {
        let id = try complete()
        let message = try #require(webhooks.sent.first)
        let record = try harness.record(id)
        #expect(webhooks.sent.count == 1)
        #expect(message.id == "msg_\(id)_\(record.version)")
        #expect(message.callback == TaskCallback(url: "https://hooks.example/a?t=s", trace: "\(trace) - - "))
        let text = String(decoding: message.body, as: UTF8.self)
        #expect(text.hasPrefix(#"{"type":"task.completed","timestamp":"2025-09-06T13:2"#), "\(text)")
        #expect(text.hasSuffix(#"Z","data":{"version":\#(record.version)}}"#), "\(text)")
        let delivery = try delivery(id)
        #expect(delivery.state == .delivered && delivery.next == nil)
        #expect(delivery.attempts.map(\.status) == [200])
    }

    @Test func `a task without a callback sends nothing`() throws {
        harness.provider.report(done)
        _ = try harness.admit()
        harness.pass(.seconds(60))
        #expect(webhooks.sent.isEmpty)
    }

    @Test func `a receiver that is down three times gets one success under the same id`() throws {
        let busy = WebhookReply.response(status: 503)
        webhooks.reply(busy, .failed("connection refused"), .response(status: 302))
        let id = try complete()
        harness.pass(.seconds(6 * 3600))
        #expect(webhooks.sent.count == 4)
        #expect(Set(webhooks.sent.map(\.id)).count == 1)
        #expect(Set(webhooks.sent.map(\.body)).count == 1)
        let attempts = try delivery(id).attempts
        #expect(attempts.map(\.status) == [503, nil, 302, 200])
        #expect(attempts.map(\.number) == [1, 2, 3, 4])
        #expect(attempts[1].message == "connection refused")
        let waits = zip(attempts, attempts.dropFirst()).map { $1.at - $0.at }
        for (wait, least) in zip(waits, [5.0, 300, 1800]) {
            #expect(wait >= .seconds(least) && wait <= .seconds(least * 1.1), "\(wait)")
        }
    }

    @Test func `after ten failures nothing is sent, until somebody orders it`() throws {
        for _ in 0..<10 { webhooks.reply(.response(status: 500)) }
        let id = try complete()
        harness.pass(.seconds(4 * 86_400))
        #expect(webhooks.sent.count == 10)
        #expect(try delivery(id).state == .failed)
        #expect(harness.log.lines.contains { $0.contains("for the last time") })
        let ordered = try harness.run { try await $0.redeliver(id, for: .open) }.result?.get()
        guard case .ordered(let shown)? = ordered else { Issue.record("not ordered"); return }
        #expect(shown.last?.state == .pending || shown.last?.state == .delivered)
        #expect(webhooks.sent.count == 11)
        #expect(try delivery(id).state == .delivered)
        #expect(harness.store.auditRecords.last?.action == .redeliver)
    }

    @Test func `410 ends the attempts`() throws {
        webhooks.reply(.response(status: 410))
        let id = try complete()
        harness.pass(.seconds(6 * 3600))
        #expect(webhooks.sent.count == 1)
        #expect(try delivery(id).state == .stopped)
    }

    @Test func `Retry-After delays the next attempt`() throws {
        webhooks.reply(.response(status: 429, retryAfter: .seconds(60)))
        let id = try complete()
        harness.pass(.seconds(20))
        #expect(webhooks.sent.count == 1)
        harness.pass(.seconds(60))
        #expect(webhooks.sent.count == 2)
        #expect(try delivery(id).state == .delivered)
    }

    @Test func `an attempt that a crash interrupted is repeated under the same id`() throws {
        webhooks.hold()
        let id = try complete()
        #expect(webhooks.sent.count == 1)
        harness.restart()
        #expect(webhooks.sent.count == 2)
        webhooks.release()
        harness.pass(.seconds(1))
        #expect(Set(webhooks.sent.map(\.id)).count == 1)
        #expect(try delivery(id).state == .delivered)
        harness.restart()
        harness.pass(.seconds(6 * 3600))
        #expect(webhooks.sent.count == 2)
    }

    @Test func `a failed attempt keeps its schedule across a restart`() throws {
        webhooks.reply(.response(status: 500), .response(status: 500))
        _ = try complete()
        harness.pass(.seconds(10))
        #expect(webhooks.sent.count == 2)
        harness.restart()
        harness.pass(.seconds(250))
        #expect(webhooks.sent.count == 2)
        harness.pass(.seconds(100))
        #expect(webhooks.sent.count == 3)
    }

    @Test func `an uncertain task is reported, and its settlement as well`() throws {
        harness.provider.respond(with: .unknown(LostReply("cut", bytesSent: 9)))
        let id = try admit()
        #expect(try type(id) == .uncertain)
        _ = harness.run { try await $0.settle(id, as: .dismiss, for: .open) }
        #expect(try type(id) == .failed)
        #expect(webhooks.sent.count == 2)
        #expect(Set(webhooks.sent.map(\.id)).count == 2)
        // A change that is no end.
        _ = harness.run { try await $0.settle(id, as: .dismiss, for: .open) }
        #expect(webhooks.sent.count == 2)
    }

    @Test func `one receiver has four attempts at once, and others do not wait for it`() throws {
        webhooks.hold()
        for _ in 0..<6 { _ = try complete("https://Slow.example/\(webhooks.sent.count)") }
        _ = try complete("https://other.example/")
        #expect(
            webhooks.sent.map(\.callback.host) == Array(repeating: "slow.example", count: 4) + [
                "other.example"
            ])
        webhooks.release()
        harness.pass(.seconds(1))
        #expect(webhooks.sent.count == 7)
        #expect(Set(webhooks.sent.map(\.id)).count == 7)
    }

    @Test func `an attempt whose end cannot be stored is not repeated meanwhile`() throws {
        webhooks.hold()
        let id = try complete()
        harness.store.fail(with: .unavailable("the disk failed"), reads: false)
        webhooks.release()
        harness.pass(.seconds(300))
        #expect(webhooks.sent.count == 1)
        harness.store.fail(with: nil)
        harness.pass(.seconds(300))
        #expect(webhooks.sent.count == 1)
        #expect(try delivery(id).state == .delivered)
    }

    @Test func `an order during an attempt stands`() throws {
        webhooks.hold()
        webhooks.reply(.response(status: 500))
        let id = try complete()
        harness.pass(.seconds(1))
        _ = harness.run { try await $0.redeliver(id, for: .open) }
        #expect(webhooks.sent.count == 1)
        webhooks.release()
        harness.pass(.seconds(1))
        #expect(webhooks.sent.count == 2)
        #expect(try delivery(id).attempts.map(\.status) == [500, 200])
    }

    @Test func `a job whose callback is refused is not admitted, and its quote says why`() throws {
        webhooks.refuse("not listed")
        #expect(throws: GatewayError.callbackNotAllowed("not listed")) { try admit() }
        let job = VideoJob(model: "m", payload: [7], callbackURL: "https://hooks.example/")
        let quote = try #require(harness.run { try await $0.quote(job, for: .open) }.result).get()
        #expect(quote.refusals == [.callbackNotAllowed("not listed")])
        #expect(harness.provider.created.isEmpty)
    }
}
