import JSONText
import Testing
import VideoJobs

@testable import ProviderClient

/// The provider's task object in every documented and observed format.
@Suite struct ReportReaderTests {
    private func report(_ text: String) throws -> ProviderReport? {
        let task = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        return ReportReader(key: key).report(task)
    }

    @Test(arguments: [
        ("pending", ProviderReport.Status.pending), ("processing", .processing), ("completed", .completed),
        ("cancelled", .cancelled), ("", .unknown("")), ("dreaming\\u0007", .unknown("dreaming ")),
        // Other spellings and synonyms.
        ("Completed", .completed), (" COMPLETED\\n", .completed), ("succeeded", .completed),
        ("SUCCESS", .completed), ("done", .completed), ("In Progress", .processing),
        ("in-progress", .processing), ("RUNNING", .processing), ("queued", .pending),
        ("Canceled", .cancelled),
        ("CANCELED", .cancelled), ("error", .failed), ("Fail", .failed), ("FAILURE", .failed),
        ("TASK_STATUS_SUCCEED", .completed),
    ])
    func `a status is one of five values in any spelling, or unknown`(
        _ text: String, _ status: ProviderReport.Status
    ) throws {
        #expect(try report(#"{"status":"\#(text)"}"#)?.status == status)
    }

    @Test(arguments: ["{}", #"{"status":null}"#, #"{"status":{}}"#, #"{"error":{"message":"m"}}"#])
    func `a task without a status has an unknown one`(_ text: String) throws {
        #expect(try report(text)?.status == .unknown(""))
    }

    @Test(arguments: [
        #"{"state":"running"}"#, #"{"task_status":"RUNNING"}"#, #"{"status":null,"state":"running"}"#,
    ])
    func `the status is found under its other names`(_ text: String) throws {
        #expect(try report(text)?.status == .processing)
    }

    @Test func `a complete task is read`() throws {
        let found = try #require(
            try report(
                #"""
                {"created":1757165031,"id":"task-unified-1","model":"m","object":"video.generation.task",
                 "progress":42,"status":"processing","task_info":{"can_cancel":true,"estimated_time":45},
                 "type":"video","results":null,"error":null,"usage":{"credits_reserved":12.5}}
                """#))
        #expect(found.status == .processing)
        #expect(found.progress == 42)
        #expect(found.estimatedSeconds == 45)
        #expect(found.usage == #"{"credits_reserved":12.5}"#)
        #expect(found.links.isEmpty)
        #expect(found.failure == nil)
    }

    @Test(
        arguments: [
            ("0", 0), ("100", 100), ("-3", 0), ("250", 100), ("49.9", 49), ("1e300", 100), (#""50""#, 50),
            (#""42%""#, 42), (#""x""#, nil),
            ("null", nil), ("true", nil), ("9223372036854775807", 100),
        ] as [(String, Int?)])
    func `progress stays within its range`(_ text: String, _ progress: Int?) throws {
        #expect(try report(#"{"status":"pending","progress":\#(text)}"#)?.progress == progress)
    }

    @Test(
        arguments: [("45", 45), ("44.2", 45), ("-1", 0), ("1e12", 604_800), (#""45""#, nil)]
            as [(String, Int?)])
    func `an estimate is rounded to seconds, at most a week`(_ text: String, _ seconds: Int?) throws {
        let task = #"{"status":"pending","task_info":{"estimated_time":\#(text)}}"#
        #expect(try report(task)?.estimatedSeconds == seconds)
    }

    @Test(arguments: [
        #""results":[{"url":"https://v/1"},{"url":"https://v/2"}]"#,
        #""results":["https://v/1","https://v/2"]"#,
        #""output":{"url":"https://v/1","urls":["https://v/2"]}"#,
        #""output":{"urls":["https://v/1","https://v/2"]}"#,
        #""results":null,"output":{"urls":["https://v/1","https://v/2"]}"#,
        #""results":[],"output":{"urls":["https://v/1","https://v/2"]}"#,
        #""results":["https://v/1","https://v/2"],"output":{"url":"https://old/1"}"#,
        #""results":["https://v/1",{"url":"https://v/1"},null,{"link":"x"},7,{"url":"https://v/2"}]"#,
    ])
    func `links are found in every shape, each once and in order`(_ members: String) throws {
        let found = try report(#"{"status":"completed",\#(members)}"#)
        #expect(found?.links == ["https://v/1", "https://v/2"])
    }

    @Test(arguments: [
        "", "/relative", "ftp://v/1", "file:///etc/passwd", "data:video/mp4;base64,AAAA", "javascript:0",
        "https://v/?k=\(secret)", "https://v/\(String(repeating: "x", count: 8192))",
    ])
    func `a link that cannot be fetched or contains the key is dropped`(_ link: String) throws {
        #expect(try report(#"{"status":"completed","results":["\#(link)"]}"#)?.links == [])
    }

    @Test func `links are percent-encoded`() throws {
        let found = try report(
            #"{"status":"completed","results":["HTTP://V/1"," https://v/a 视.mp4\n","https:\\\\v\\2"]}"#)
        #expect(found?.links == ["http://v/1", "https://v/a%20%E8%A7%86.mp4", "https://v/2"])
        #expect(found?.unusableLink == nil)
    }

    @Test func `relative links are resolved against base_url`() throws {
        let reader = ReportReader(key: key, base: ProviderSettings(baseURL: "https://p/api").resultBase)
        let text = #"{"status":"completed","results":["/1","2","//cdn/3","?4"]}"#
        let task = try #require(try JSONValue(parsing: Array(text.utf8)).object)
        #expect(
            reader.report(task).links
                == ["https://p/1", "https://p/api/2", "https://cdn/3", "https://p/api/?4"])
    }

    @Test(arguments: [
        ("data:video/mp4;base64,AAAA", "the result link is neither http nor https but data:"),
        ("S3://bucket/key?sig=1", "the result link is neither http nor https but s3:"),
        (" ", "the result link is empty"), ("http://", "the result link is not a valid URL"),
        ("https://v/?k=\(secret)", "the result link contains the API key"),
    ])
    func `an unusable link is reported only with the reason`(_ link: String, _ reason: String) throws {
        let found = try report(#"{"status":"completed","results":["\#(link)"]}"#)
        #expect(found?.links == [])
        #expect(found?.unusableLink == reason)
    }

    @Test func `at most sixteen links are read`() throws {
        let links = (0..<40).map { #""https://v/\#($0)""# }.joined(separator: ",")
        #expect(try report(#"{"status":"completed","results":[\#(links)]}"#)?.links.count == 16)
    }

    @Test(arguments: [
        (#"{"code":"content_policy_violation","message":"No"}"#, "content_policy_violation", "No"),
        (#"{"code":1010,"message":"No"}"#, "1010", "No"), (#""all broken""#, "unknown_error", "all broken"),
        (#"{"message":"No","type":"service_error"}"#, "service_error", "No"),
        (#"{}"#, "unknown_error", "The provider gave no reason."),
        ("null", "unknown_error", "The provider gave no reason."),
        (#"{"code":"","message":7}"#, "unknown_error", "The provider gave no reason."),
        (#"{"detail":"No"}"#, "unknown_error", "No"), (#"{"error":{"message":"No"}}"#, "unknown_error", "No"),
        (#"{"code":"x","message":"key \#(secret)"}"#, "x", "key APIKey(…)"),
    ])
    func `a failed task has a reason, the provider's or a default`(
        _ error: String, _ code: String, _ message: String
    ) throws {
        let found = try report(#"{"status":"failed","error":\#(error)}"#)
        #expect(found?.failure == FailureReason(code: code, message: message))
    }

    @Test(arguments: ["failure", "fail_reason", "failure_reason", "failReason", "failureReason"])
    func `the failure is found under its other names`(_ name: String) throws {
        let expected = FailureReason(code: "unknown_error", message: "no frames")
        for value in [#""no frames""#, #"{"message":"no frames"}"#] {
            for error in ["", #""error":null,"#, #""error":{},"#] {
                let found = try report(#"{"status":"failed",\#(error)"\#(name)":\#(value)}"#)
                #expect(found?.failure == expected)
            }
        }
        #expect(try report(#"{"status":"dreaming","\#(name)":"no frames"}"#)?.failure == expected)
    }

    @Test func `an open task without an error has no failure`() throws {
        for error in ["null", "{}", #""""#, #"{"code":"","message":""}"#, "[]", "false"] {
            #expect(try report(#"{"status":"processing","error":\#(error)}"#)?.failure == nil, "\(error)")
        }
    }

    @Test func `usage is bounded JSON without the key`() throws {
        let task = #"{"status":"pending","usage":{"\#(secret)":["\#(secret)",1,{"a":null}]}}"#
        let usage = try #require(try report(task)?.usage)
        #expect(usage == #"{"APIKey(…)":["APIKey(…)",1,{"a":null}]}"#)
        let long = #"{"status":"pending","usage":{"a":"\#(String(repeating: "x", count: 5000))"}}"#
        #expect(try report(long)?.usage == nil)
        #expect(try report(#"{"status":"pending","usage":7}"#)?.usage == nil)
    }
}
