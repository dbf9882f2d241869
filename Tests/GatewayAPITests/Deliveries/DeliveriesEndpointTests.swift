import Gateway
import GatewayFakes
import JSONText
import Testing
import VideoJobs

@testable import GatewayAPI

@Suite struct DeliveriesEndpointTests {
    private let api: APIHarness
    private static let url = "https://hooks.example/done?token=hidden-token"

    init() throws { api = try APIHarness() }

    /// The example job with a callback in the middle.
    private func job(_ callback: String = "\"\(url)\"") -> String {
        APIHarness.job.replacing(#","prompt""#, with: #", "callback_url" : \#(callback) ,"prompt""#)
    }

    private func completedTask(_ fields: [String: String] = [:]) throws -> String {
        api.provider.report(.report(ProviderReport(.completed, links: ["https://cdn.example/1.mp4"])))
        let task = try #require(try api.submit(fields, body: job()).task)
        api.world.pass(.seconds(20))
        return task
    }

    @Test func `a callback is taken out of what is forwarded, byte for byte`() throws {
        _ = try completedTask(["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"])
        let forwarded = try #require(api.provider.payloads.first)
        #expect(String(decoding: forwarded, as: UTF8.self) == APIHarness.job)
        let sent = try #require(api.world.webhooks.sent.first)
        #expect(sent.callback.url == Self.url)
        #expect(sent.callback.trace == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 - - ")
    }

    @Test func `an invalid traceparent is not passed on`() throws {
        _ = try completedTask(["traceparent": "00-0-b7ad6b7169203331-01"])
        #expect(api.world.webhooks.sent.map(\.callback.trace) == [nil])
    }

    @Test func `a delivery lists its attempts, without the URL`() throws {
        api.world.webhooks.reply(.response(status: 503), .failed("connection refused"))
        let task = try completedTask()
        api.world.pass(.seconds(10))
        let response = try api.ask(.get("/v1/tasks/\(task)/deliveries"))
        #expect(response.status == 200)
        let data = try #require(response.json?["data"]?.array)
        let delivery = try #require(data.first)
        #expect(data.count == 1)
        #expect(delivery["type"]?.string == "task.completed" && delivery["state"]?.string == "pending")
        #expect(delivery["id"]?.string == api.world.webhooks.sent.first?.id)
        #expect(delivery["next"]?.integer != nil)
        #expect(delivery["attempts"]?.array?.map { $0["status"] } == [503, .null])
        #expect(delivery["attempts"]?.array?.last?["error"]?.string == "connection refused")
        #expect(!response.text.contains("hidden-token") && !response.text.contains("hooks.example"))
        #expect(!api.world.log.lines.contains { $0.contains("hidden-token") })
    }

    @Test func `a webhook is sent again under its id, and the audit has who ordered it`() throws {
        let task = try completedTask()
        let response = try api.ask(.post("/v1/tasks/\(task)/redeliver"))
        #expect(response.status == 200)
        #expect(Set(api.world.webhooks.sent.map(\.id)).count == 1)
        #expect(api.world.webhooks.sent.count == 2)
        let audit = try api.ask(.get("/v1/audit")).json?["data"]?.array?.first
        #expect(audit?["action"]?.string == "redeliver" && audit?["task"]?.string == task)
    }

    @Test func `there is nothing to send before the end, or without a callback`() throws {
        let open = try #require(try api.submit(body: job()).task)
        #expect(try api.ask(.post("/v1/tasks/\(open)/redeliver")).verdict == "409 not_ready -")
        #expect(try api.ask(.get("/v1/tasks/\(open)/deliveries")).json?["data"] == [])
        api.provider.report(.report(ProviderReport(.failed)), .report(ProviderReport(.failed)))
        let silent = try #require(try api.submit().task)
        api.world.pass(.seconds(60))
        #expect(try api.ask(.post("/v1/tasks/\(silent)/redeliver")).verdict == "404 not_found -")
        #expect(try api.ask(.get("/v1/tasks/none/deliveries")).verdict == "404 not_found -")
        #expect(try api.ask(.post("/v1/tasks/none/redeliver")).verdict == "404 not_found -")
    }

    @Test func `another client's webhooks do not exist`() throws {
        let task = try completedTask()
        let added = try api.ask(.post("/v1/clients", #"{"name":"lab"}"#))
        let token = try #require(added.json?["token"]?.string)
        api.settings.access = .tokens
        let lab = ["Authorization": "Bearer \(token)"]
        #expect(try api.ask(.get("/v1/tasks/\(task)/deliveries", lab)).verdict == "404 not_found -")
        #expect(try api.ask(.post("/v1/tasks/\(task)/redeliver", nil, lab)).verdict == "404 not_found -")
        #expect(api.world.webhooks.sent.count == 1)
    }

    @Test(arguments: [
        ("1", "wrong_type"), (#""ftp://a.example""#, ""), (#""https://u:p@a.example/""#, ""),
        (#""/relative""#, ""), (#""https://a.example/\#(String(repeating: "x", count: 2000))""#, "too_long"),
    ])
    func `a callback that is no URL is an issue of the job`(_ callback: String, _ code: String) throws {
        let response = try api.submit(body: job(callback))
        #expect(response.status == 422 && response.code == "invalid_parameters")
        let issue = response.json?["errors"]?.array?.first
        #expect(issue?["pointer"]?.string == "/callback_url")
        if !code.isEmpty { #expect(issue?["code"]?.string == code) }
    }

    @Test func `a callback that is not allowed is refused before any money, in quotes too`() throws {
        api.world.webhooks.refuse("the host is not listed")
        let response = try api.submit(body: job())
        #expect(response.status == 422 && response.code == "callback_not_allowed")
        #expect(response.json?["errors"]?.array?.first?["pointer"]?.string == "/callback_url")
        let quote = try api.ask(.post("/v1/videos/quote", job()))
        #expect(quote.status == 200)
        #expect(quote.json?["errors"]?.array?.first?["code"]?.string == "callback_not_allowed")
        #expect(api.provider.created.isEmpty && api.world.store.durable.isEmpty)
        #expect(try api.submit(body: job("null")).status == 200)
    }

    @Test func `a repeated job joins its task although its callback is refused by now`() throws {
        let key = ["Idempotency-Key": "k"]
        let task = try api.submit(key, body: job()).task
        api.world.webhooks.refuse("the name of the host cannot be resolved")
        let again = try api.submit(key, body: job())
        #expect(again.status == 200 && again.task == task && again["Idempotent-Replayed"] == "true")
        #expect(
            try api.submit(key, body: job("\"https://hooks.example/other\"")).code == "idempotency_key_reused"
        )
        #expect(try api.submit(["Idempotency-Key": "other"], body: job()).code == "callback_not_allowed")
        #expect(try api.submit(body: job()).code == "callback_not_allowed")
        #expect(api.provider.created.count == 1 && api.world.store.durable.count == 1)
        api.world.webhooks.refuse(nil)
        #expect(try api.submit(["Idempotency-Key": "other"], body: job()).status == 200)
    }

    @Test func `another callback is another job under the same Idempotency-Key`() throws {
        let key = ["Idempotency-Key": "k"]
        let task = try api.submit(key, body: job()).task
        #expect(try api.submit(key, body: job()).task == task)
        for other in [APIHarness.job, job("\"https://hooks.example/other\"")] {
            #expect(try api.submit(key, body: other).code == "idempotency_key_reused")
        }
    }
}
