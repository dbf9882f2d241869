import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// The output and the exit status of the commands.
@Suite(.timeLimit(.minutes(3))) struct CommandTests {
    private func reelgate(
        _ arguments: [String], _ environment: [String: String] = [:], in folder: ScratchFolder
    ) async throws -> FinishedProgram {
        try await Tools.run("reelgate", arguments, environment: environment, folder: folder.path)
    }

    @Test func `a bad configuration is named with file and line by serve and by check`() async throws {
        let folder = try ScratchFolder()
        let file = try folder.write("submit_wait: 15s\nprovider:\n  base_ur: http://x\n", to: "mine.yaml")
        let served = try await reelgate(
            ["serve", "--config", file], ["REELGATE_PROVIDER_API_KEY": EndToEndFixture.key], in: folder)
        #expect(served.status == 1)
        #expect(served.errors.contains("mine.yaml:3: provider.base_ur: unknown key"))
        #expect(served.errors.contains("did you mean base_url?"))
        let checked = try await reelgate(["check", "--config", file], in: folder)
        #expect(checked.status == 1)
        #expect(checked.errors.contains("mine.yaml:3: provider.base_ur: unknown key"))
    }

    @Test func `open access off loopback does not start`() async throws {
        let folder = try ScratchFolder()
        let served = try await reelgate(
            ["serve", "--listen", "0.0.0.0:0"], ["REELGATE_PROVIDER_API_KEY": EndToEndFixture.key], in: folder
        )
        #expect(served.status == 1)
        #expect(served.errors.contains("can be reached from other machines"))
    }

    @Test func `without a key the error names where to put one`() async throws {
        let folder = try ScratchFolder()
        let served = try await reelgate(["serve", "--listen", "127.0.0.1:0"], in: folder)
        #expect(served.status == 1)
        #expect(served.errors.contains("no key for the provider is given"))
        #expect(served.errors.contains("provider.api_key_file"))
    }

    @Test func `check accepts valid jobs and names every issue of a job with its line`() async throws {
        let folder = try ScratchFolder()
        let good = try folder.write(GatewayUnderTest.exampleJob, to: "good.json")
        let right = try await reelgate(["check", good], in: folder)
        #expect(right.status == 0, "\(right.errors)")
        let bad = try folder.write(
            """
            {
              "model": "veo-3.1-reference-to-video",
              "prompt": "p",
              "reference_image_urls": ["https://example.com/a.jpg"],
              "duration": 4,
              "aspect-ratio": "16:9"
            }
            """, to: "bad.json")
        let wrong = try await reelgate(["check", good, bad], in: folder)
        #expect(wrong.status == 1)
        #expect(wrong.errors.contains("bad.json:5: /duration: "))
        #expect(wrong.errors.contains("bad.json:6: /aspect-ratio: "))
        #expect(wrong.errors.contains("did you mean aspect_ratio?"))
    }

    @Test func `submit sends, waits and saves, with an exit status for the outcome`() async throws {
        let fixture = try await EndToEndFixture()
        try await fixture.script(#"[{"match":{"kind":"create","prompt":"refuse"},"do":{"status":422}}]"#)
        let gateway = try await fixture.gateway()
        let common = [
            "submit", "--gateway", gateway.url, "--reference", "https://example.com/a.jpg", "--wait",
        ]
        let file = fixture.folder.path + "/saved.mp4"
        async let done = reelgate(common + ["--prompt", "A garden", "--output", file], in: fixture.folder)
        let page = { try await Curl.get("\(gateway.url)/v1/tasks?limit=1").json()["data"]?.array?.first }
        while try await page()?["status"]?.string == nil { try Task.checkCancellation() }
        try await fixture.advance("61m")
        let finished = try await done
        #expect(finished.status == 0, "\(finished.errors)")
        #expect(try await Tools.run("ffprobe", ["-v", "error", file]).status == 0)
        // Without a terminal every line is JSON.
        for line in finished.lines { _ = try JSONValue(parsing: Array(line.utf8)) }

        let refused = try await reelgate(common + ["--prompt", "refuse"], in: fixture.folder)
        #expect(refused.status == 1, "\(refused.errors)")
        let nobody = try await reelgate(
            [
                "submit", "--gateway", "http://127.0.0.1:1", "--prompt", "p", "--reference",
                "https://example.com/a.jpg",
            ],
            in: fixture.folder)
        #expect(nobody.status == 3, "\(nobody.errors)")
        let wrong = try await reelgate(["submit", "--no-such-flag"], in: fixture.folder)
        #expect(wrong.status == 2, "\(wrong.errors)")
    }
}
