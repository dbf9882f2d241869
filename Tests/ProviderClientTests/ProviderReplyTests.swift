import HTTPFetching
import Testing
import VideoJobs

@testable import ProviderClient

/// Defective replies to creates, and the information that is still extracted.
@Suite struct ProviderReplyTests {
    private func verdict(
        _ status: Int, _ body: String, _ fields: [(name: String, value: String)] = []
    ) -> SubmissionVerdict {
        let verdict = SubmissionClassifier(key: key).verdict(on: .reply(status, body, fields), now: november)
        expectNoKey(in: verdict)
        return verdict
    }

    private func verdictMessage(_ verdict: SubmissionVerdict) -> String {
        switch verdict {
        case .unknown(let reply): reply.message
        case .notAccepted(_, _, let message), .blocked(_, _, let message): message
        case .accepted, .refused: ""
        }
    }

    @Test(arguments: [
        #"{"id":"task-1","seed":18446744073709551615}"#, #"{"id":"task-1","object":"a","object":"a"}"#,
        "\u{FEFF}{\"id\":\"task-1\"}", #"{"id":"task-1","id":"task-1"}"#, #"{"id":null,"id":"task-1"}"#,
        #"{"id":"task-1","status":"pending","status":"failed"}"#, #"{"id":"task-1","x":NaN,"y":[1,],}"#,
        #"{"id":"task-1"} <!-- cached -->"#, ")]}'\n{\"id\":\"task-1\"}", #"{'id':'task-1'}"#,
        #"{"data":{"id":"task-1","status":"queued"},"code":0,"message":"success"}"#,
        #"[{"id":"task-1"}]"#, #"{"task_id":"task-1"}"#, #"{"request_id":"r","output":{"task_id":"task-1"}}"#,
        "{\"id\":\"task-1\"}\n{\"id\":\"task-1\"}", #"{"id":"task-1","error":{"message":"m","type":"t"}}"#,
        #"{"id":"task-1","x":"\ud800","y":""# + "\u{1}" + #""}"#,
    ])
    func `the ID of a success is accepted in spite of other defects`(_ body: String) {
        guard case .accepted(let id, _) = verdict(200, body) else {
            Issue.record("not accepted: \(body)")
            return
        }
        #expect(id.text == "task-1")
    }

    @Test(arguments: [
        (#"{"id":12345}"#, "12345"), (#"{"id":18446744073709551616}"#, "18446744073709551616"),
    ])
    func `an ID may be a number and keeps all digits`(_ body: String, _ id: String) {
        #expect(verdict(200, body) == .accepted(ProviderTaskID(id), ProviderReport(.pending)))
    }

    @Test(arguments: [
        (#"{"id":"task-1","status":"pend"#, ["task-1"]), ("<p>\"id\": \"task-1\"</p>", ["task-1"]),
        (#""{\"id\":\"task-1\",\"task_id\":\"task-2\"}""#, ["task-1", "task-2"]),
        (#"{"id":"task-1","id":"task-2"}"#, ["task-1", "task-2"]), (#"oops "task_id" : 77 "#, ["77"]),
    ])
    func `IDs in a text without a certain task ID are evidence`(_ body: String, _ ids: [String]) {
        guard case .unknown(let reply) = verdict(200, body) else {
            Issue.record("not unknown: \(body)")
            return
        }
        #expect(reply.message.hasSuffix("it mentions \(ids.joined(separator: " and "))"), "\(reply.message)")
    }

    @Test func `a truncated reply is evidence as well`() {
        var failure = FetchError(stage: .afterSending, message: "Cut (18)", bytesSent: 9, status: 200)
        failure.received = Array(#"{"created":1,"id":"task-1","sta"#.utf8)
        let verdict = SubmissionClassifier(key: key).verdict(on: .failed(failure), now: november)
        let expected =
            #"Cut (18); received before that: {"created":1,"id":"task-1","sta; it mentions task-1"#
        #expect(verdict == .unknown(LostReply(expected, bytesSent: 9, status: 200)))
    }

    @Test(arguments: [
        (200, #"{"error":{"message":"insufficient balance"}}"#, "insufficient balance"),
        (400, #"{"error":"account is frozen"}"#, "account is frozen"),
        (500, #"{"error":{"message":"m1","type":"t","code":"c1"}}"#, "m1 (c1)"),
        (
            400, #"{"detail":[{"loc":["body","prompt"],"msg":"field required"}]}"#,
            "body.prompt: field required"
        ),
        (400, #"{"errors":[{"message":"m1"},"m2"]}"#, "m2; m1"),
        (200, #"{"code":1,"msg":"m1","data":null}"#, "m1"),
        (200, #"{"message":"success","data":{"fail_reason":"m1"}}"#, "m1"),
        (500, #"{"title":"t1","type":"about:blank"}"#, "t1"), (502, #"{"ok":false}"#, #"{"ok":false}"#),
        (
            403, "<html><head><style>p{}</style><title>No</title></head><body><p>Blocked\n here</p>",
            "No Blocked here"
        ),
        (
            500, #"{"message":"see https://u:p@v/x?sig=1#y or /z?token=2, why? \#(secret)"}"#,
            "see https://v/x?… or /z?…  why? APIKey(…)"
        ),
        (500, "", "an empty body"), (200, #"{"error":"\ud83d"}"#, "\u{FFFD}"),
    ])
    func `the provider's message is recorded`(_ status: Int, _ body: String, _ said: String) {
        let message = verdictMessage(verdict(status, body))
        #expect(message.hasSuffix("received: \(said.replacing("…  why", with: "… why"))"), "\(message)")
    }

    @Test func `a long text is cut`() {
        let page = "plain " + String(repeating: "word ", count: 1000)
        #expect(verdictMessage(verdict(500, page)).count < 300)
        let message = #"{"message":"\#(String(repeating: "m", count: 5000))"}"#
        #expect(verdictMessage(verdict(500, message)).count < 400)
    }

    @Test func `a redirect is recorded with its target, without the query`() {
        let message = verdictMessage(
            verdict(301, "", [(name: "Location", value: "https://api.v/v1?key=abc")]))
        #expect(
            message.hasSuffix("Location: https://api.v/v1?… (does base_url name another host or scheme?)"),
            "\(message)")
    }

    @Test(arguments: [
        (429, #"{"error":{"message":"m","type":"insufficient_quota"}}"#),
        (429, #"{"error":{"message":"m","type":"t","code":"insufficient_quota"}}"#),
        (400, #"{"error":{"code":"Insufficient-Balance"}}"#), (403, #"{"code":"insufficient_user_quota"}"#),
        (500, #"{"error":"billing_hard_limit_reached"}"#), (200, #"{"error":{"code":"InsufficientQuota"}}"#),
        (422, #"{"errors":[{"code":"quota_exceeded"}]}"#),
    ])
    func `a quota code counts with any status`(_ status: Int, _ body: String) {
        let fields = [(name: "Retry-After", value: "4.5")]
        guard case .notAccepted(.quotaExhausted, .seconds(5), _) = verdict(status, body, fields) else {
            Issue.record("\(verdict(status, body))")
            return
        }
    }

    @Test func `a reply with a task ID or only a message is not a quota error`() {
        guard case .accepted = verdict(200, #"{"id":"t","error":{"code":"quota_exceeded"}}"#) else {
            Issue.record("not accepted")
            return
        }
        guard case .unknown = verdict(200, #"{"error":{"message":"insufficient_quota"}}"#) else {
            Issue.record("not unknown")
            return
        }
    }
}
