import HTTPFetching
import Testing
import VideoJobs

@testable import ProviderClient

/// The table of contract section 6, by row and by the complete matrix.
@Suite struct SubmissionClassifierTests {
    private let classifier = SubmissionClassifier(key: key)

    private func verdict(on outcome: FetchOutcome) -> SubmissionVerdict {
        let verdict = classifier.verdict(on: outcome, now: november)
        expectNoKey(in: verdict)
        return verdict
    }

    @Test(arguments: [200, 201, 202, 299])
    func `a success with an id is accepted`(_ status: Int) {
        let body = #"{"id":"task-1","status":"processing","progress":3,"task_info":{"estimated_time":45}}"#
        let report = ProviderReport(.processing, progress: 3, estimatedSeconds: 45)
        #expect(verdict(on: .reply(status, body)) == .accepted(ProviderTaskID("task-1"), report))
    }

    @Test func `an accepted task needs only an ID`() {
        #expect(
            verdict(on: .reply(200, #"{"id":"t"}"#))
                == .accepted(ProviderTaskID("t"), ProviderReport(.pending)))
    }

    @Test(arguments: [
        "", "{}", "null", "[]", #"{"id":""}"#, #"{"id":null}"#, #"{"id":{}}"#, #"{"id":"a","id":"b"}"#,
        "{\"id\":\"a\"}\n{\"id\":\"b\"}", #"[{"id":"a"},{"id":"b"}]"#, #"{"error":{"id":"a"}}"#,
        #"{"request_id":"a"}"#, "<html><script>{\"id\":\"a\"}</script>",
        #"{"id":"a\nb"}"#, #"{"id":"  "}"#, #"{"id":"\uFEFF\r\n"}"#,
        #"{"id":"\#(String(repeating: "x", count: 257))"}"#, #"{"id":"\#(secret)"}"#,
        #"{"id":"a""#,
        errorText, "<html>",
    ])
    func `a success without a usable ID is unknown`(_ body: String) {
        #expect(verdict(on: .reply(200, body)).isUnknown)
    }

    @Test(arguments: [400, 404, 413, 415, 422])
    func `a refusal in the provider's format keeps its message, code and status`(_ status: Int) {
        let coded =
            #"{"error":{"message":"Bad duration","type":"t","code":"bad_value","param":"duration","x":[]}}"#
        #expect(
            verdict(on: .reply(status, coded))
                == .refused(FailureReason(code: "bad_value", message: "Bad duration", httpStatus: status)))
        #expect(
            verdict(on: .reply(status, errorText))
                == .refused(
                    FailureReason(code: "invalid_request_error", message: "No such model", httpStatus: status)
                ))
        let numbered = #"{"error":{"message":"m","type":"t","code":20012}}"#
        #expect(
            verdict(on: .reply(status, numbered))
                == .refused(FailureReason(code: "20012", message: "m", httpStatus: status)))
    }

    @Test(arguments: [
        (403, BlockReason.credentialsRejected), (402, .quotaExhausted), (429, .rateLimited),
        (503, .providerUnreachable),
    ])
    func `a temporary refusal is not accepted, with its requested delay`(
        _ status: Int, _ reason: BlockReason
    ) {
        let outcome = FetchOutcome.reply(status, errorText, [(name: "retry-after", value: "30")])
        #expect(
            verdict(on: outcome)
                == .notAccepted(
                    reason, retryAfter: .seconds(30), message: "HTTP \(status): No such model"))
    }

    @Test func `a rejected key concerns every job`() {
        let outcome = FetchOutcome.reply(401, errorText, [(name: "retry-after", value: "30")])
        #expect(
            verdict(on: outcome)
                == .blocked(
                    .credentialsRejected, retryAfter: .seconds(30), message: "HTTP 401: No such model"))
    }

    @Test(arguments: [
        ("", "an empty body"), ("<html>", "6 bytes without text"), ("{}", "{}"),
        ("error code: 1015", "error code: 1015"),
    ])
    func `a 429 from any sender is not accepted`(_ body: String, _ received: String) {
        let dated = [(name: "Retry-After", value: "Sun, 06 Nov 1994 08:50:37 GMT")]
        #expect(
            verdict(on: .reply(429, body, dated))
                == .notAccepted(.rateLimited, retryAfter: .seconds(60), message: "HTTP 429: \(received)"))
    }

    @Test(arguments: [
        "", "error code: 1010", "<html>", "{}", #"{"error":"no"}"#, #"{"error":null}"#,
        #"{"message":"m","type":"t"}"#,
        #"{"error":{"message":"m"}}"#, #"{"error":{"type":"t"}}"#, #"{"error":{"message":7,"type":"t"}}"#,
        #"{"errors":[{"message":"m","type":"t"}]}"#, errorText + errorText,
    ])
    func `only the provider's own format proves a response of the provider`(_ body: String) {
        for status in [400, 401, 402, 403, 404, 413, 415, 422, 500, 503] {
            #expect(verdict(on: .reply(status, body)).isUnknown, "\(status)")
        }
    }

    private enum Kind: Equatable {
        case accepted, refused, unknown
        case notAccepted(BlockReason), blocked(BlockReason)
    }

    private func kind(_ verdict: SubmissionVerdict) -> Kind {
        switch verdict {
        case .accepted: .accepted
        case .refused: .refused
        case .notAccepted(let reason, _, _): .notAccepted(reason)
        case .blocked(let reason, _, _): .blocked(reason)
        case .unknown: .unknown
        }
    }

    @Test func `every status with every kind of body has the verdict of the table`() {
        let own: [Int: Kind] = [
            400: .refused, 404: .refused, 413: .refused, 415: .refused, 422: .refused,
            401: .blocked(.credentialsRejected), 403: .notAccepted(.credentialsRejected),
            402: .notAccepted(.quotaExhausted), 503: .notAccepted(.providerUnreachable),
        ]
        for status in 100...599 {
            for body in [errorText, #"{"id":"task-1"}"#, #"{"detail":"x"}"#, "<html></html>", ""] {
                let expected: Kind =
                    if status == 429 {
                        .notAccepted(.rateLimited)
                    } else if body == errorText {
                        own[status] ?? .unknown
                    } else if body.contains("task-1"), (200...299).contains(status) {
                        .accepted
                    } else {
                        .unknown
                    }
                #expect(kind(verdict(on: .reply(status, body))) == expected, "\(status) \(body)")
            }
        }
    }

    @Test func `only a certainly unsent job is sent again`() {
        let unsent = [
            FetchError(stage: .beforeSending, message: "Couldn't connect to server (7)"),
            FetchError(stage: .cancelled, message: "cancelled", bytesSent: 0),
        ]
        for failure in unsent {
            #expect(
                verdict(on: .failed(failure))
                    == .blocked(
                        .providerUnreachable, retryAfter: nil, message: "Not sent: \(failure.message)"))
        }
        let sent = [
            FetchError(stage: .afterSending, message: "w (52)", bytesSent: 1),
            FetchError(stage: .cancelled, message: "w", bytesSent: 1),
            FetchError(stage: .tooLarge, message: "w", bytesSent: 9, status: 422),
            FetchError(stage: .stoppedBySink, message: "w"),
        ]
        for failure in sent { #expect(verdict(on: .failed(failure)).isUnknown) }
    }

    @Test func `evidence records the observations`() {
        let failure = FetchError(stage: .afterSending, message: "Empty (52)", bytesSent: 512)
        #expect(
            verdict(on: .failed(failure)) == .unknown(LostReply("Empty (52)", bytesSent: 512)))
        let cut = FetchError(stage: .afterSending, message: "Cut (18)", bytesSent: 512, status: 200)
        #expect(
            verdict(on: .failed(cut)) == .unknown(LostReply("Cut (18)", bytesSent: 512, status: 200)))
        for name in ["X-Request-Id", "x-oneapi-request-id"] {
            let outcome = FetchOutcome.reply(502, "<html>", [(name: name, value: "r-1")])
            #expect(
                verdict(on: outcome)
                    == .unknown(
                        LostReply(
                            "not an error of the provider itself; received: 6 bytes without text",
                            bytesSent: 0,
                            status: 502,
                            providerRequestID: "r-1")))
        }
    }

    @Test func `no verdict contains the key`() {
        let body = #"{"error":{"message":"bad key \#(secret)","type":"\#(secret)","code":"\#(secret)"}}"#
        let fields = [
            (name: "X-Request-Id", value: secret), (name: "Retry-After", value: secret),
            (name: "Authorization", value: secret),
        ]
        for status in 100...599 { _ = verdict(on: .reply(status, body, fields)) }
        let task = #"""
            {"id":"t","status":"\#(secret)","error":"\#(secret)","results":["https://v/\#(secret)"],
             "usage":{"k":"\#(secret)"}}
            """#
        guard case .accepted(_, let report) = verdict(on: .reply(200, task)) else {
            Issue.record("not accepted")
            return
        }
        #expect(report.status == .unknown("APIKey(…)"))
        _ = verdict(on: .failed(FetchError(stage: .afterSending, message: secret, bytesSent: 1)))
        _ = verdict(on: .failed(FetchError(stage: .beforeSending, message: secret)))
    }

    @Test func `long messages are cut`() {
        let body = #"{"error":{"message":"\#(String(repeating: "m", count: 9000))","type":"t"}}"#
        guard case .refused(let failure) = verdict(on: .reply(400, body)) else {
            Issue.record("not refused")
            return
        }
        #expect(failure.message.count == 501)
    }
}

extension SubmissionVerdict {
    fileprivate var isUnknown: Bool { if case .unknown = self { true } else { false } }
}
