import JSONText
import ProcessTestSupport
import Testing

/// A complete job through real programs, sockets and files.
@Suite(.timeLimit(.minutes(3))) struct CompleteJobTests {
    @Test func `the example of the provider's page becomes a video, whole and by range`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let sent = try await gateway.submit()
        #expect(sent.status == 200, "\(sent.text)")
        let task = try sent.json()
        #expect(task["object"]?.string == "video.generation.task")
        #expect(task["status"]?.string == "pending")
        let id = try #require(task["id"]?.string)

        try await fixture.advance("30m")
        let working = try await gateway.follow(id) { $0["status"]?.string == "processing" }
        #expect(working.allSatisfy { ["pending", "processing"].contains($0["status"]?.string) })
        #expect(try #require(working.last?["progress"]?.integer) >= 50)
        try await fixture.advance("31m")
        let walked = try await gateway.follow(id) { $0["status"]?.string == "completed" }
        #expect(walked.allSatisfy { ["processing", "completed"].contains($0["status"]?.string) })

        try await expectVideo(of: try #require(walked.last), from: gateway, in: fixture)
        let ledger = try await fixture.ledger()
        #expect(ledger["accepted"]?.integer == 1)
        #expect(ledger["downloads_with_key"]?.integer == 0)
        let forwarded = ledger["entries"]?.array?.first?["body"]
        #expect(forwarded == (try JSONValue(parsing: Array(GatewayUnderTest.exampleJob.utf8))))
    }

    /// Requires that the video is the same as a whole, by ranges, by its hash, and for ffprobe.
    private func expectVideo(
        of task: JSONValue, from gateway: GatewayUnderTest, in fixture: EndToEndFixture
    ) async throws {
        let result = try #require(task["results"]?.array?.first)
        let link = try #require(result["url"]?.string)
        #expect(link.hasPrefix(gateway.url))
        #expect(result["content_type"]?.string == "video/mp4")
        let hash = try #require(result["sha256"]?.string)
        let file = fixture.folder.path + "/whole.mp4"
        let parts = fixture.folder.path + "/parts.mp4"
        let whole = try await Tools.run("curl", ["-sS", "--fail", "-o", file, link])
        #expect(whole.status == 0, "\(whole.errors)")
        #expect(try await Tools.run("sha256sum", [file]).text.hasPrefix(hash + " "))

        let first = try await Curl.get(link, ["-H", "Range: bytes=0-99"])
        #expect(first.status == 206)
        #expect(first.body.count == 100)
        let bytes = try #require(result["bytes"]?.integer)
        #expect(first.fields["content-range"] == "bytes 0-99/\(bytes)")
        // curl resumes at the end of its file: the second half is a range request.
        let begun = try await Tools.run("curl", ["-sS", "--fail", "-r", "0-999", "-o", parts, link])
        let ended = try await Tools.run("curl", ["-sS", "--fail", "-C", "-", "-o", parts, link])
        #expect(begun.status == 0 && ended.status == 0, "\(ended.errors)")
        #expect(try await Tools.run("cmp", [file, parts]).status == 0)

        let probe = try await Tools.run(
            "ffprobe", ["-v", "error", "-show_entries", "stream=codec_type", "-of", "csv=p=0", file])
        #expect(probe.status == 0, "\(probe.errors)")
        #expect(probe.lines.contains("video"))
    }

    @Test func `ten thousand reads of a running task cause no call to the provider`() async throws {
        let fixture = try await EndToEndFixture()
        // No poll is due during the test, so any call to the provider is caused by a read.
        let gateway = try await fixture.gateway { $0.poll = .hourly }
        let id = try await gateway.accepted()
        let before = try await fixture.ledger()["requests"]

        let finished = try await Tools.run(
            "curl",
            ["-sS", "-o", "/dev/null", "-w", "%{http_code}\\n", "\(gateway.url)/v1/tasks/\(id)#[1-10000]"])
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(finished.lines.count == 10_000)
        #expect(finished.lines.allSatisfy { $0 == "200" })
        let after = try await fixture.ledger()
        #expect(after["polls"]?.integer == 0)
        #expect(after["accepted"]?.integer == 1)
        // In between the ledger is read, and the gateway asks once which models there are.
        #expect(jobRequests(after["requests"]) == jobRequests(before))
    }

    private func jobRequests(_ requests: JSONValue?) -> [JSONObject.Member] {
        (requests?.object?.members ?? []).filter {
            !$0.name.contains("_simulator") && $0.name != "GET /v1/models"
        }
    }

    @Test func `the HTTP library of Python can submit and read`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let program = """
            import json, sys, urllib.request
            job = json.dumps({"model": "veo-3.1-fast-reference-to-video", "prompt": "Ein Garten \\u82b1",
                              "reference_image_urls": ["https://example.com/a.png"] * 3})
            request = urllib.request.Request(sys.argv[1] + "/v1/videos/generations", job.encode(),
                {"Content-Type": "application/json", "Prefer": "respond-async"})
            with urllib.request.urlopen(request) as response:
                assert response.status == 202, response.status
                place = response.headers["Location"]
                task = json.load(response)
            with urllib.request.urlopen(urllib.parse.urljoin(sys.argv[1], place)) as response:
                assert json.load(response)["id"] == task["id"]
            with urllib.request.urlopen(sys.argv[1] + "/v1/tasks?limit=1") as response:
                page = json.load(response)
                assert [one["id"] for one in page["data"]] == [task["id"]], page
            """
        let finished = try await Tools.run("python3", ["-c", program, gateway.url])
        #expect(finished.status == 0, "\(finished.errors)")
    }
}
