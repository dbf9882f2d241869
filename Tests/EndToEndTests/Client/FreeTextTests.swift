import JSONText
import ProcessTestSupport
import Testing

/// What a person types behind an option is its value, whatever it looks like.
@Suite(.timeLimit(.minutes(3))) struct FreeTextTests {
    private let image = "https://example.com/a.jpg"

    // No more than the gateway has at the provider at once.
    @Test(arguments: [
        ["- a cat", "--ar 16:9 a cat", "-", "--", "--help", "--reference", "--wait", "-5"],
        ["--- a cat", "----", "---\ntitle: x\n---", "-=", "--=x"],
    ])
    func `a prompt may begin with dashes`(_ prompts: [String]) async throws {
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway()
        for prompt in prompts {
            let sent = try await Tools.run(
                "reelgate",
                [
                    "submit", "--prompt", prompt, "--gateway", gateway.url, "--reference", image,
                    "https://b.example/2",
                ])
            #expect(sent.status == 0, "\(prompt): \(sent.errors)")
        }
        let entries = try await house.ledger()["entries"]?.array ?? []
        #expect(entries.map { $0["body"]?["prompt"]?.string } == prompts)
        #expect(entries.allSatisfy { $0["body"]?["reference_image_urls"]?.array?.count == 2 })
    }

    @Test func `other options take such values too, and the gateway judges them`() async throws {
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway()
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
        #expect(try await house.ledger()["creates"]?.integer == 0)
        let file = try await Tools.run(
            "reelgate", common + ["--reference", image, "--output", "-v/x.mp4"], folder: house.folder.path)
        #expect(file.status == 2)
        #expect(file.errors.contains("there is no folder -v"), "\(file.errors)")
    }

    @Test func `an integer may be spelled as JSON has it`() async throws {
        let house = try await EndToEndFixture()
        let gateway = try await house.gateway()
        let sent = try await Tools.run(
            "reelgate",
            [
                "submit", "--prompt", "p", "--reference", image, "--duration", "8.0",
                "--safety-tolerance=60e-1",
            ]
                + ["--gateway", gateway.url])
        #expect(sent.status == 0, "\(sent.errors)")
        let body = try await house.ledger()["entries"]?.array?.first?["body"]
        #expect(body?["duration"]?.integer == 8)
        #expect(body?["safety_tolerance"]?.integer == 6)
    }

    @Test(arguments: [
        ["submit", "--prompt", "p", "--duration", "8.5"], ["submit", "--prompt", "p", "--duration", "eight"],
        ["submit", "--reference", "https://example.com/a.jpg", "--prompt"],
        ["submit", "--prompt", "p", "--reference"], ["submit", "--prompt", "p", "--reference", "--wait"],
        ["submit", "--prompt", "p", "--output"], ["tasks", "list", "--model"],
        ["tasks", "list", "--limit", "-1"],
    ]) func `a value that is missing or makes no sense is wrong usage`(_ arguments: [String]) async throws {
        let sent = try await Tools.run("reelgate", arguments)
        #expect(sent.status == 2, "\(sent.errors)")
    }
}
