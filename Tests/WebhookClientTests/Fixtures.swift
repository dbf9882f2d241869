import Gateway
import HTTPFetching
import TestSupport
import Testing
import Transport
import VideoJobs

@testable import WebhookClient

/// One loop for all tests: a loop lives as long as the process.
let testLoop: EventLoop = {
    do throws(SystemError) { return try EventLoop(label: "test") } catch { fatalError("\(error)") }
}()

let secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
let olderSecret = "whsec_YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4"

/// Returns a sender.
///
/// - Parameters:
///   - allow: The destinations as in the configuration.
///   - addresses: What every name resolves to when a callback is checked.
func makeSender(
    _ allow: [String], secrets: [String] = [secret], addresses: [String] = []
) -> HTTPWebhookSender {
    let settings = WebhookSettings(
        allow: allow.compactMap { WebhookDestination($0) },
        secrets: secrets.compactMap { WebhookSecret($0) })
    return HTTPWebhookSender(
        settings: settings, fetcher: HTTPFetcher(loop: testLoop, userAgent: "reelgate/test"),
        resolve: { host in IPAddress(host).map { [$0] } ?? addresses.compactMap { IPAddress($0) } })
}

func message(to url: String) -> WebhookMessage {
    WebhookMessage(
        id: "msg_1", callback: TaskCallback(url: url), body: Array("{}".utf8),
        at: Timestamp(milliseconds: 1_614_265_330_999))
}

let exampleID = TaskID("task-rg-1-a")

/// Returns the record of a completed task that took 83 seconds.
func exampleRecord(prompt: String?, price: Int64? = 400_000, model: String = "veo") -> TaskRecord {
    var record = TaskRecord(
        id: exampleID, created: Timestamp(milliseconds: 1_000), model: model, client: "studio", price: price,
        promptBeginning: prompt.map { PromptBeginning(of: $0) }, state: .completed, version: 5)
    record.updated = Timestamp(milliseconds: 84_999)
    return record
}
