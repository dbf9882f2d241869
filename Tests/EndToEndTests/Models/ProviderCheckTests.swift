import Glibc
import JSONText
import ProcessTestSupport
import Testing

/// `check --online`, with the executable: whether the provider accepts the key, and which models it lists.
@Suite(.timeLimit(.minutes(2))) struct ProviderCheckTests {
    private func check(
        _ fixture: EndToEndFixture, key: String? = EndToEndFixture.key, _ arguments: [String] = []
    ) async throws -> FinishedProgram {
        try await Tools.run(
            "reelgate", ["check", "--config", "reelgate.yaml", "--online"] + arguments,
            environment: key.map { ["REELGATE_PROVIDER_API_KEY": $0] } ?? [:], folder: fixture.folder.path)
    }

    @Test func `a provider that lists every model passes, and nothing is bought`() async throws {
        let fixture = try await EndToEndFixture()
        _ = try fixture.writeConfiguration()
        let checked = try await check(fixture)
        #expect(checked.status == 0, "\(checked.errors)")
        let output = String(decoding: checked.output, as: UTF8.self)
        #expect(output.contains("provider: accepts the key and lists 11 of 11 models"), "\(output)")
        let ledger = try await fixture.ledger()
        #expect(ledger["creates"] == 0 && ledger["accepted"] == 0)
    }

    @Test func `a model that is not listed fails the check with its line`() async throws {
        let fixture = try await EndToEndFixture()
        _ = try fixture.writeConfiguration()
        _ = try fixture.folder.write(
            """
            models:
              - id: mine
                provider_id: veo-3.1-text-to-video
                mode: text-to-video
                parameters: []
              - {id: veo-3.1-lite-text-to-video, mode: text-to-video, parameters: []}
              - {id: old, mode: text-to-video, parameters: [], lifecycle: {status: retired}}
            """, to: "models.yaml")
        try await fixture.script(#"[{"do":{"omit_models":["veo-3.1-lite-text-to-video"]}}]"#)
        let checked = try await check(fixture)
        #expect(checked.status == 1)
        #expect(
            checked.errors.contains(
                "models.yaml:6: veo-3.1-lite-text-to-video: the provider does not list this model"),
            "\(checked.errors)")
        #expect(
            !checked.errors.contains("mine: the provider") && !checked.errors.contains("old: the provider"))
    }

    @Test func `a provider without a list is asked for a task, and nothing is known of its models`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        _ = try fixture.writeConfiguration()
        for status in [404, 405, 501] {
            try await fixture.script(#"[{"match":{"kind":"models"},"do":{"status":\#(status)}}]"#)
            let checked = try await check(fixture)
            #expect(checked.status == 0, "\(checked.errors)")
            #expect(checked.errors.contains("does not say which models it has"), "\(checked.errors)")
        }
    }

    @Test func `a key that the provider rejects, and a provider that cannot be reached, fail the check`()
        async throws
    {
        let fixture = try await EndToEndFixture()
        _ = try fixture.writeConfiguration()
        let rejections = ["models", "status"].map { #"{"match":{"kind":"\#($0)"},"do":{"status":401}}"# }
        try await fixture.script("[\(rejections.joined(separator: ","))]")
        let rejected = try await check(fixture)
        #expect(rejected.status == 1)
        #expect(rejected.errors.contains("the provider does not accept the key: HTTP 401"))
        #expect(!rejected.errors.contains(EndToEndFixture.key))
        let keyless = try await check(fixture, key: nil)
        #expect(keyless.status == 1 && keyless.errors.contains("there is no key to ask the provider with"))
        fixture.simulator.signal(SIGTERM)
        _ = await fixture.simulator.end()
        let unreachable = try await check(fixture)
        #expect(unreachable.status == 1)
        #expect(unreachable.errors.contains("the provider cannot be asked"), "\(unreachable.errors)")
    }
}
