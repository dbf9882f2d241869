import JSONText
import ProcessTestSupport
import Testing

/// Any text after an option is its value.
@Suite(.timeLimit(.minutes(3))) struct FreeTextTests {
    private let image = "https://example.com/a.jpg"

    // At most `max_in_flight`.
    @Test(arguments: [
        ["- a cat", "--ar 16:9 a cat", "-", "--", "--help", "--reference", "--wait", "-5"],
        ["--- a cat", "----", "---\ntitle: x\n---", "-=", "--=x"],
    ])
    func `a prompt may begin with dashes`(_ prompts: [String]) async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        for prompt in prompts {
            let sent = try await Tools.run(
                "reelgate",
                [
                    "submit", "--prompt", prompt, "--gateway", gateway.url, "--reference", image,
                    "https://b.example/2",
                ])
            #expect(sent.status == 0, "\(prompt): \(sent.errors)")
        }
        let entries = try await fixture.ledger()["entries"]?.array ?? []
        #expect(entries.map { $0["body"]?["prompt"]?.string } == prompts)
        #expect(entries.allSatisfy { $0["body"]?["reference_image_urls"]?.array?.count == 2 })
    }

    @Test func `other options accept such values too, and the gateway validates them`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let common = ["submit", "--gateway", gateway.url, "--prompt", "p"]
        let rows: [([String], String)] = [
            (["--reference", "-x"], "/reference_image_urls/0"),
            (["--reference", image, "--model", "-m"], "no model -m"),
            (["--reference", image, "--field", "-f=1"], "/-f"),
            (["--reference", image, "--duration", "-8"], "/duration"),
            (["--reference", image, "--resolution", "--720p"], "/resolution"),
            (["--prompt=", "--reference", image], "/prompt"),
            (["--prompt", "", "--reference", image], "/prompt"),
        ]
        for (arguments, pointer) in rows {
            let sent = try await Tools.run("reelgate", common + arguments)
            #expect(sent.status == 1, "\(arguments): \(sent.errors)")
            #expect(sent.errors.contains(pointer), "\(arguments): \(sent.errors)")
        }
        #expect(try await fixture.ledger()["creates"]?.integer == 0)
        let file = try await Tools.run(
            "reelgate", common + ["--reference", image, "--output", "-v/x.mp4"], folder: fixture.folder.path)
        #expect(file.status == 2)
        #expect(file.errors.contains("there is no folder -v"), "\(file.errors)")
    }

    @Test func `an integer may be written as in JSON`() async throws {
        let fixture = try await EndToEndFixture()
        let gateway = try await fixture.gateway()
        let sent = try await Tools.run(
            "reelgate",
            [
                "submit", "--prompt", "p", "--reference", image, "--duration", "8.0",
                "--safety-tolerance=60e-1",
            ]
                + ["--gateway", gateway.url])
        #expect(sent.status == 0, "\(sent.errors)")
        let body = try await fixture.ledger()["entries"]?.array?.first?["body"]
        #expect(body?["duration"]?.integer == 8)
        #expect(body?["safety_tolerance"]?.integer == 6)
    }

    @Test(arguments: [
        ["submit", "--prompt", "p", "--duration", "8.5"], ["submit", "--prompt", "p", "--duration", "eight"],
        ["submit", "--reference", "https://example.com/a.jpg", "--prompt"],
        ["submit", "--prompt", "p", "--reference"], ["submit", "--prompt", "p", "--reference", "--wait"],
        ["submit", "--prompt", "p", "--output"], ["tasks", "list", "--model"],
        ["tasks", "list", "--limit", "-1"],
    ]) func `a missing or invalid value is a usage error`(_ arguments: [String]) async throws {
        let sent = try await Tools.run("reelgate", arguments)
        #expect(sent.status == 2, "\(sent.errors)")
    }
}
