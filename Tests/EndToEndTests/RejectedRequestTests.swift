import JSONText
import ProcessTestSupport
import Testing

/// Rejected requests: their responses, and that nothing is sent to the provider.
@Suite(.timeLimit(.minutes(3))) struct RejectedRequestTests {
    private struct Expected {
        var status: Int
        var code: String
        var pointer: String?
        var fault: String?
        var message: String = ""
    }

    private static func job(
        _ more: String, model: String = "veo-3.1-reference-to-video", images: Int = 1
    ) -> String {
        let list = repeatElement(#""https://example.com/a.jpg""#, count: images).joined(separator: ",")
        return #"{"model":"\#(model)","prompt":"p","reference_image_urls":[\#(list)]\#(more)}"#
    }

    private static var cases: [(job: String, expected: Expected)] {
        func fault(_ pointer: String, _ code: String, _ message: String = "") -> Expected {
            Expected(status: 422, code: "invalid_parameters", pointer: pointer, fault: code, message: message)
        }
        let fast = "veo-3.1-fast-reference-to-video"
        return [
            (
                job(#","enhance_prompt":true"#, model: fast),
                fault("/enhance_prompt", "not_for_this_variant", "veo-3.1-reference-to-video")
            ),
            (job(#","duration":4"#), fault("/duration", "not_allowed", #""allowed":[8]"#)),
            (job("", images: 4), fault("/reference_image_urls", "too_many")),
            (job(#","safety_tolerance":7"#), fault("/safety_tolerance", "out_of_range")),
            (
                job(#","aspect-ratio":"16:9""#),
                fault("/aspect-ratio", "unknown_field", "did you mean aspect_ratio?")
            ),
            (
                job(#","duration":8,"duration":8"#),
                Expected(status: 400, code: "malformed_json", message: "line 1")
            ),
            (job("", model: "veo-3.1-refrence-to-video"), Expected(status: 422, code: "unknown_model")),
            (job(",}"), Expected(status: 400, code: "malformed_json", message: "column")),
        ]
    }

    @Test func `each bad job gets its own response and none is sent to the provider`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        for (job, expected) in Self.cases {
            let response = try await gateway.submit(job)
            let note: Comment = "\(job)\n\(response.text)"
            #expect(response.status == expected.status, note)
            #expect(response.fields["content-type"]?.hasPrefix("application/problem+json") == true, note)
            let problem = try response.json()
            #expect(problem["error"]?["code"]?.string == expected.code, note)
            let faults = problem["errors"]?.array ?? []
            if let pointer = expected.pointer {
                #expect(faults.map { $0["pointer"]?.string } == [pointer], note)
                #expect(faults.map { $0["code"]?.string } == [expected.fault], note)
            }
            #expect(response.text.contains(expected.message), note)
        }
        #expect(try await fixture.ledger()["creates"]?.integer == 0)
    }

    @Test func `four issues are reported together, each with its location`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let response = try await gateway.submit(
            Self.job(#","duration":4,"resolution":"8k","safety_tolerance":7,"aspect-ratio":"16:9""#))
        #expect(response.status == 422)
        let faults = try response.json()["errors"]?.array ?? []
        #expect(
            faults.map { $0["pointer"]?.string } == [
                "/duration", "/resolution", "/safety_tolerance", "/aspect-ratio",
            ])
        let ledger = try await fixture.ledger()
        #expect(ledger["creates"]?.integer == 0)
        #expect(ledger["entries"]?.array == [])
    }

    @Test func `a body of a mebibyte and one that is no JSON are rejected`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let body = String(repeating: " ", count: (1 << 20) - 2) + "{}"
        let file = try fixture.folder.write(body, to: "large.json")
        let large = try await gateway.submit("@\(file)")
        #expect(large.status == 413)
        #expect(try large.json()["error"]?["code"]?.string == "body_too_large")
        let form = try await Curl.get(
            "\(gateway.url)/v1/videos/generations", ["-H", "Content-Type: text/plain", "--data-binary", "{}"])
        #expect(form.status == 415)
        #expect(try form.json()["error"]?["code"]?.string == "unsupported_media_type")
        #expect(try await fixture.ledger()["creates"]?.integer == 0)
    }

    @Test func `unknown paths and wrong methods get problem responses`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let missing = try await Curl.get("\(gateway.url)/v2/nothing")
        #expect(missing.status == 404)
        #expect(try missing.json()["error"]?["code"]?.string == "not_found")
        let wrong = try await Curl.get("\(gateway.url)/v1/videos/generations", ["-X", "DELETE"])
        #expect(wrong.status == 405)
        #expect(wrong.fields["allow"]?.contains("POST") == true)
        #expect(try wrong.json()["error"]?["code"]?.string == "method_not_allowed")
    }

    @Test func `a page of another site cannot submit a job`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        for field in ["Sec-Fetch-Site: cross-site", "Origin: https://evil.example", "Host: evil.example"] {
            let response = try await gateway.submit(GatewayUnderTest.exampleJob, ["-H", field])
            #expect(response.status == 403, "\(field): \(response.status) \(response.text)")
        }
        #expect(try await fixture.ledger()["creates"]?.integer == 0)
    }
}
